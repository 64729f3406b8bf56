/** Which core a run is played with: the real one, unless rules are off in it. */

import { Raft as SwitchableRaft } from 'virtual:switchable-core'
import { Raft } from '@flotilla/core'
import type { MakeRaft } from '../world/node.ts'
import type { RuleId } from './rules.ts'

export function makeRaftWithout(off: readonly RuleId[]): MakeRaft {
  if (off.length === 0) return setup => new Raft(setup)
  const rules: ReadonlySet<string> = new Set(off)
  return setup => new SwitchableRaft({ ...setup, off: rules })
}
