/**
 * What every Storage promises (`storage.ts`), as cases that any implementation can be held to, in Node or in a page.
 *
 * A subject makes devices on which nothing has been stored; each case takes as many as it needs.
 */
import type { ConformanceCase } from './case.ts'
import { decisions } from './storage/decisions.ts'
import { nodes } from './storage/nodes.ts'
import { ownership } from './storage/ownership.ts'
import type { StorageSubject } from './storage/promises.ts'
import { recovery } from './storage/recovery.ts'

export type { StorageDevice, StorageSubject } from './storage/promises.ts'

export const storageConformance: readonly ConformanceCase<StorageSubject>[] = [nodes, recovery, ownership, decisions]
  .flatMap(promises => Object.entries(promises))
  .map(([name, holds]) => ({ name, run: subject => holds(subject.device(), subject) }))
