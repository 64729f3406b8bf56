/**
 * A failing run, made short: parts of what happened are left out, and the time between them, for as long as the same property
 * still fails (delta debugging, Zeller and Hildebrandt). Where something fails to happen after the faults, it is the faults
 * that are left out, and every attempt is given the whole time to converge.
 */

import type { SimulateOptions } from '../driver/run.ts'
import { Attempts } from './attempts.ts'
import { leaveOutNodes } from './fewer-nodes.ts'
import { leaveOutGroups, leaveOutNear, leaveOutPairs, leaveOutStretches } from './leave-out.ts'
import { makePlainer } from './plainer.ts'
import { type Happening, type Recording, record } from './replay.ts'
import { happenSooner } from './sooner.ts'
import { writeTogether } from './together.ts'

export interface Shrunk {
  /** With the circumstances in which the happenings fail, which may be plainer than the seed's. */
  readonly recording: Recording
  readonly happenings: readonly Happening[]
  /** How many the run had. */
  readonly recorded: number
  /** How many replays it took. */
  readonly replays: number
}

/** Events to spend on all replays of one failure: about half a minute. */
const defaultBudget = 6_000_000

/**
 * `undefined` if the seed does not fail.
 *
 * @throws Error if it does, but not when its happenings are replayed: then the replay is not the run, which is a mistake here.
 */
export function shrink(seed: number, options: SimulateOptions = {}, budget = defaultBudget): Shrunk | undefined {
  const whole = record(seed, options)
  const property = whole.violation?.property
  if (property === undefined) return undefined
  const attempts = new Attempts(whole, property, options, budget)
  makePlainer(attempts)
  leaveOutNodes(attempts)
  // One by one costs the square of the length: coarsely first, for as long as that goes well.
  do happenSooner(attempts, Math.ceil(attempts.happenings.length / 8))
  while (halve(attempts))
  for (;;) {
    const before = attempts.happenings.length
    leaveOutNodes(attempts)
    leaveOutGroups(attempts)
    leaveOutStretches(attempts, 1)
    makePlainer(attempts)
    const isSooner = happenSooner(attempts, 1)
    writeTogether(attempts)
    leaveOutNear(attempts)
    leaveOutPairs(attempts)
    if (attempts.isOver || !(isSooner || attempts.happenings.length < before)) break
  }
  const { recording, happenings, replays } = attempts
  return { recording, happenings, recorded: whole.happenings.length, replays }
}

/** Whether about as much went as stayed. */
function halve(attempts: Attempts): boolean {
  const before = attempts.happenings.length
  leaveOutGroups(attempts)
  leaveOutStretches(attempts, Math.max(1, before >> 6))
  return !attempts.isOver && attempts.happenings.length < before * 0.7
}
