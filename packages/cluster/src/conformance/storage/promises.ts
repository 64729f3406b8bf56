/** What a promise of a Storage is tried on, and how a case says what it found. */
import type { NodeId, RecoveredState } from '@flotilla/core'
import { type Identity, type RoomStorage, type Storage, StorageError, type StorageErrorKind } from '../../storage.ts'
import { expect } from '../case.ts'
import { equal } from '../equal.ts'

export interface StorageDevice {
  /** Opens the device as one tab or process does. Each call is another one, on the same disks. */
  tab(): (room: string) => RoomStorage
  /** Opens a node that somebody is driving, as when the lock on it was broken. */
  takeOver(room: string, nodeId: NodeId): Promise<Storage>
  /** Spoils the node's records, so that they are none. Nobody drives it. */
  damage(room: string, nodeId: NodeId): Promise<void>
  /** One bit of the command of that index is not what was written, and it is a command still. Nobody drives the node. */
  flipBit(room: string, nodeId: NodeId, index: number): Promise<void>
  /** The next write to be made fails, as on a full disk: with `QuotaExceeded`. */
  fillDisk(): void
}

export interface StorageSubject {
  /** One on which nothing has been stored. */
  device(): StorageDevice
}

/** By the sentence that says it: what must hold on a device on which nothing has been stored. */
export type StoragePromises = Readonly<
  Record<string, (device: StorageDevice, subject: StorageSubject) => Promise<void>>
>

/** Written out, so that the suite can be listed where core is not built. */
export const emptyState: RecoveredState = { currentTerm: 0, votedFor: undefined, snapshot: undefined, entries: [] }

export async function expectRefused(attempt: Promise<unknown>, kind: StorageErrorKind): Promise<void> {
  const refused = await attempt.then(
    () => 'done',
    (cause: unknown) => cause,
  )
  expect(refused instanceof StorageError, `a StorageError ${kind}, not ${String(refused)}`)
  expect(refused.kind === kind, `${kind}, not ${refused.kind}: ${refused.message}`)
}

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (equal(actual, expected)) return
  const text = (value: unknown): string => JSON.stringify(value)?.slice(0, 500) ?? 'undefined'
  expect(false, `${what}: ${text(actual)} is not ${text(expected)}`)
}

/** The sound nodes of the room, in order. */
export async function identities(shelf: RoomStorage): Promise<readonly Identity[]> {
  return (await shelf.survey()).nodes.map(({ nodeId, clusterId }) => ({ nodeId, clusterId }))
}

export async function reclaim(device: StorageDevice, nodeId: NodeId): Promise<Storage> {
  const storage = await device.tab()('room').claim(nodeId)
  expect(storage !== undefined, `${nodeId} can be claimed`)
  return storage
}
