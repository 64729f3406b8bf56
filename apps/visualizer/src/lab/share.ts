/** A run in the address of the page, and as a trace file. */
import {
  inFewDigits,
  loadSwitches,
  nodeIds,
  Run,
  readShared,
  ruleOf,
  ShareError,
  shareRun,
} from '@flotilla/simulator/lab'
import { writeTrace } from '@flotilla/trace'
import { lab } from '../words/lab.ts'
import { phrase } from '../words/phrase.ts'
import type { ShownRun } from './shown-run.ts'

const PREFIX = 'run='

/** The part of an address after `#/lab/`. */
export async function addressOfRun({ setup, moves, now }: Run, step: number): Promise<string> {
  return PREFIX + (await shareRun({ setup, moves, step, until: inFewDigits(now) }))
}

export type LinkedRun =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'run'
      readonly run: Run
      /** Where the one who shared it stood. */
      readonly step: number
      /** Moves that cannot be made again: the link was made by another version, or by hand. */
      readonly skipped: number
    }
  | { readonly kind: 'refused'; readonly reason: string }

export async function runInAddress(rest: string): Promise<LinkedRun> {
  if (!rest.startsWith(PREFIX)) return { kind: 'none' }
  try {
    const { setup, moves, step, until } = await readShared(rest.slice(PREFIX.length))
    if (setup.off.length > 0) await loadSwitches()
    const { run, skipped } = Run.of(setup, moves)
    run.playTo(until)
    return { kind: 'run', run, step: Math.min(step, run.latest.index), skipped }
  } catch (error) {
    if (!(error instanceof ShareError)) throw error
    return { kind: 'refused', reason: phrase(error.message) }
  }
}

export function traceOfRun(run: ShownRun): string {
  const title = run.title ?? lab().files.runTitle(run.setup.seed)
  const changes = run.moves.some(({ move }) => move.type === 'change')
  const voters = run.title !== undefined || changes ? [] : nodeIds(run.setup.nodes)
  const modified = run.modified ?? run.setup.off.map(id => ruleOf(id).name)
  return writeTrace(
    { title, voters, modified },
    run.steps.flatMap(({ trace }) => trace),
  )
}
