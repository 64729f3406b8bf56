/**
 * A run again from a list of what happened, without the seed's driver: the list may have lost parts, and what then has
 * no meaning any more (a message that nobody sent, a disk with nothing to write) is passed over.
 */

import { converge } from '../driver/convergence.ts'
import { Driver } from '../driver/driver.ts'
import { checkerFor, judgeHistory, realRaft, type SimulateOptions, simulate, streamsOf } from '../driver/run.ts'
import type { Mix } from '../driver/swarm.ts'
import { describeCommand } from '../ground/command.ts'
import type { Violation } from '../invariants/invariant.ts'
import type { Action } from '../world/action.ts'
import { perform } from '../world/perform.ts'
import { wireCodec } from '../world/wire-codec.ts'
import { World } from '../world/world.ts'
import { Mail, type Substitute } from './mail.ts'

export interface Happening {
  readonly action: Action
  readonly at: number
  /** What each node's own clock showed: of who leads, one that does nothing may still read by its lease. */
  readonly clocks: readonly number[]
}

export interface Recording {
  readonly seed: number
  readonly mix: Mix
  readonly happenings: readonly Happening[]
  readonly violation: Violation | undefined
  /**
   * It failed for want of something happening, after the faults had ended: `happenings` are those before that, and what
   * follows depends on nothing but the nodes that they leave (convergence.ts).
   */
  readonly failsInCalm: boolean
  /** When the faults ended. */
  readonly calm: Moment | undefined
}

/** A time, and what each node's own clock shows at it. */
export type Moment = Pick<Happening, 'at' | 'clocks'>

export function momentOf({ now, nodes }: World): Moment {
  return { at: now, clocks: nodes.map(({ clock }) => clock.read(now)) }
}

/** What only shows once the cluster is left alone. */
const calmProperties = ['Liveness', 'Stability', 'No Storm']

/** Runs a seed and writes down what happens, up to the first violation. */
export function record(seed: number, options: SimulateOptions = {}): Recording {
  const happenings: Happening[] = []
  let stormy = Number.POSITIVE_INFINITY
  let calm: Moment | undefined
  const { mix, violations } = simulate(seed, {
    ...options,
    observe: (world, driver) => {
      driver.onAction = action => {
        if (world.checker.violations.length === 0) happenings.push({ action, ...momentOf(world) })
      }
      driver.onCalm = () => {
        stormy = happenings.length
        calm = momentOf(world)
      }
      options.observe?.(world, driver)
    },
  })
  const [violation] = violations
  const failsInCalm = stormy <= happenings.length && calmProperties.includes(violation?.property ?? '')
  return { seed, mix, happenings: failsInCalm ? happenings.slice(0, stormy) : happenings, violation, failsInCalm, calm }
}

/** Stands in for the driver where only its ear is wanted. */
export type Source = Pick<Driver, 'onAction'>

/** Performs the happenings that still make sense. */
export function replay(
  recording: Pick<Recording, 'seed' | 'mix' | 'failsInCalm' | 'calm'>,
  happenings: readonly Happening[],
  options: SimulateOptions = {},
  listen?: (world: World, source: Source) => void,
  substitute: Substitute = 'alike',
): Violation | undefined {
  const { seed, mix } = recording
  const random = streamsOf(seed, options)
  const world = new World({
    random: random.fork('world'),
    checker: checkerFor(mix),
    makeRaft: options.makeRaft ?? realRaft,
    raftOptions: options.trace === true ? { ...mix.raftOptions, trace: true } : mix.raftOptions,
    describe: options.trace === true ? describeCommand : undefined,
    codec: options.codec === undefined ? wireCodec : (options.codec ?? undefined),
  })
  const source: Source = { onAction: undefined }
  listen?.(world, source)
  const mail = new Mail(substitute)
  world.outlet = {
    sent: envelope => mail.put(envelope),
    writing: () => {},
    compactionDue: () => {},
    crashed: () => {},
  }
  const { violations } = world.checker
  for (const happening of happenings) {
    const { action, at } = happening
    const possible = whatRemains(world, mail, action)
    if (possible === undefined) continue
    const node = world.nodes[possible.node]
    becomeAsIn(world, happening)
    // Timers were drawn for another past: this one runs out now.
    if (possible.type === 'tick' && node?.raft !== undefined) node.clock.atLeast(at, node.raft.deadline)
    source.onAction?.(possible, at, happening.clocks[possible.node] ?? 0)
    perform(world, possible, at)
    // From here on it shows what it showed then, and stands still in between: it may have run slowly.
    if (possible.type === 'appear') world.nodes[possible.node]?.clock.setRate(at, 0)
    if (violations.length > 0) return violations[0]
  }
  if (recording.failsInCalm) {
    source.onAction = undefined
    if (recording.calm !== undefined) becomeAsIn(world, recording.calm)
    const driver = new Driver(world, mix, random.fork('driver'))
    converge(driver, random.fork('convergence'))
  } else judgeHistory(world)
  return violations[0]
}

/** In an altered past it may be later already. */
function becomeAsIn(world: World, { at, clocks }: Moment): void {
  world.now = Math.max(world.now, at)
  for (const { index, clock } of world.nodes) clock.atLeast(world.now, clocks[index] ?? 0)
}

/** The action as it can happen here, or `undefined` if it cannot. */
function whatRemains(world: World, mail: Mail, action: Action): Action | undefined {
  if (action.type === 'appear') return action.node === world.nodes.length ? action : undefined
  const node = world.nodes[action.node]
  if (node === undefined) return undefined
  if (action.type === 'restart') return node.isUp || node.vanished ? undefined : action
  switch (action.type) {
    case 'rollBack':
      return node.copy === undefined ? undefined : action
    case 'vanish':
    case 'wipe':
    case 'failDisk':
    case 'fillDisk':
    case 'repairDisk':
    case 'copyDisk':
    case 'flip':
      return action
  }
  // What is asked of nobody still has its number, and what is asked after it the next.
  if (!node.isUp) return action.type === 'propose' || action.type === 'read' ? action : undefined
  switch (action.type) {
    case 'tick':
      return node.raft?.deadline === Number.POSITIVE_INFINITY ? undefined : action
    case 'flush':
      return node.disk.pending.length > 0 ? action : undefined
    case 'deliver': {
      const envelope = mail.find(action.envelope)
      return envelope === undefined ? undefined : { type: 'deliver', node: action.node, envelope }
    }
    default:
      return action
  }
}
