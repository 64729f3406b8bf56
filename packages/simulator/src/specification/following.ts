/** Whether the specification allows what a trace tells, to which step, and whether what must always hold did. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TraceEvent } from '@flotilla/core'
import { followedModule } from './followed-module.ts'
import type { QuintProcess } from './quint-process.ts'
import { stepsOf } from './steps.ts'

export interface Followed {
  readonly steps: number
  /** So many were allowed, one after the other. */
  readonly allowed: number
  /** The first that was not, or whose outcome breaks an invariant. */
  readonly refused: string | undefined
}

/** @param most of its events; the rest is not looked at */
export async function followed(
  quint: QuintProcess,
  name: string,
  events: readonly TraceEvent[],
  most: number,
): Promise<Followed> {
  const taken = stepsOf(events, most)
  const { steps } = taken
  const folder = quint.prepare(name)
  writeFileSync(join(folder, 'followed.qnt'), followedModule(taken, '.'))
  const { text } = await quint.run(folder, [
    ...['run', 'followed.qnt', '--max-samples', '1', '--max-steps', String(steps.length + 1)],
    ...['--invariant', 'isUnfinished and safe', '--out-itf', 'states.itf.json', '--verbosity', '1'],
  ])
  const states = join(folder, 'states.itf.json')
  if (!existsSync(states)) throw new Error(`Quint says of ${name}: ${text.slice(0, 2_000)}`)
  const allowed = lastPlace(JSON.parse(readFileSync(states, 'utf8')))
  const isSafe = allowed === steps.length || !text.includes('Invariant violated')
  const refused =
    allowed === steps.length ? undefined : isSafe ? steps[allowed] : `an invariant, after ${steps[allowed - 1]}`
  return { steps: steps.length, allowed, refused }
}

/** `at` of the last state, in the Informal Trace Format. */
function lastPlace(itf: unknown): number {
  if (typeof itf !== 'object' || itf === null || !('states' in itf) || !Array.isArray(itf.states)) return 0
  const last: unknown = itf.states.at(-1)
  if (typeof last !== 'object' || last === null) return 0
  const [, at] = Object.entries(last).find(([name]) => name === 'at' || name.endsWith('::at')) ?? []
  if (typeof at === 'object' && at !== null && '#bigint' in at) return Number(at['#bigint'])
  return Number(at)
}
