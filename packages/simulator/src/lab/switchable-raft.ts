/** Which core a run is played with: the real one, unless rules are off in it. */
import { Raft, type RaftConfig } from '@flotilla/core'
import type { MakeRaft } from '../world/node.ts'
import type { RuleId } from './rules.ts'

type SwitchableCore = new (config: RaftConfig & { readonly off: ReadonlySet<string> }) => Raft

let switchable: SwitchableCore | undefined

/** The core with switches comes when it is first wanted: most runs are of Raft as it is. Before any run with rules off. */
export async function loadSwitches(): Promise<void> {
  const module = await import('virtual:switchable-core')
  switchable = module.Raft
}

/** @throws Error if rules are off and `loadSwitches` has not been awaited. */
export function makeRaftWithout(off: readonly RuleId[]): MakeRaft {
  if (off.length === 0) return setup => new Raft(setup)
  const core = switchable
  if (core === undefined) throw new Error('loadSwitches must come before a run with rules switched off')
  const rules: ReadonlySet<string> = new Set(off)
  return setup => new core({ ...setup, off: rules })
}
