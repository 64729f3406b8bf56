/**
 * A run again from a list of what happened, without the seed's driver: the list may have lost parts, and what then has
 * no meaning any more (a message that nobody sent, a disk with nothing to write) is passed over.
 */

import type { Message } from '@flotilla/core'
import { converge } from '../driver/convergence.ts'
import { Driver } from '../driver/driver.ts'
import { checkerFor, judgeHistory, realRaft, type SimulateOptions, simulate, streamsOf } from '../driver/run.ts'
import type { Mix } from '../driver/swarm.ts'
import { describeCommand } from '../ground/command.ts'
import { mix as fold, mixBytes, mixText } from '../ground/hash.ts'
import type { Violation } from '../invariants/invariant.ts'
import { type Action, actionCodes, type Envelope } from '../world/action.ts'
import { perform } from '../world/perform.ts'
import { wireCodec } from '../world/wire-codec.ts'
import { World } from '../world/world.ts'

export interface Happening {
  readonly action: Action
  readonly at: number
  /** What the node's own clock showed. */
  readonly reading: number
}

export interface Recording {
  readonly seed: number
  readonly mix: Mix
  readonly happenings: readonly Happening[]
  readonly violation: Violation | undefined
  /**
   * It failed for want of something happening, after the faults had ended: `happenings` are those before that, and what
   * follows is the same for any of them (convergence.ts).
   */
  readonly failsInCalm: boolean
}

/** What only shows once the cluster is left alone. */
const calmProperties = ['Liveness', 'Stability', 'No Storm']

/** Runs a seed and writes down what happens, up to the first violation. */
export function record(seed: number, options: SimulateOptions = {}): Recording {
  const happenings: Happening[] = []
  let stormy = Number.POSITIVE_INFINITY
  const { mix, violations } = simulate(seed, {
    ...options,
    observe: (world, driver) => {
      driver.onAction = (action, at, reading) => {
        if (world.checker.violations.length === 0) happenings.push({ action, at, reading })
      }
      driver.onCalm = () => {
        stormy = happenings.length
      }
      options.observe?.(world, driver)
    },
  })
  const [violation] = violations
  const failsInCalm = stormy <= happenings.length && calmProperties.includes(violation?.property ?? '')
  return { seed, mix, happenings: failsInCalm ? happenings.slice(0, stormy) : happenings, violation, failsInCalm }
}

/** Stands in for the driver where only its ear is wanted. */
export type Source = Pick<Driver, 'onAction'>

/** Performs the happenings that still make sense. */
export function replay(
  recording: Pick<Recording, 'seed' | 'mix' | 'failsInCalm'>,
  happenings: readonly Happening[],
  options: SimulateOptions = {},
  listen?: (world: World, source: Source) => void,
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
  const mail = new Mail()
  world.outlet = {
    sent: envelope => mail.put(envelope),
    writing: () => {},
    compactionDue: () => {},
    crashed: () => {},
  }
  const { violations } = world.checker
  for (const { action, at, reading } of happenings) {
    const possible = whatRemains(world, mail, action)
    if (possible === undefined) continue
    const node = world.nodes[possible.node]
    if (node !== undefined) {
      node.clock.atLeast(at, reading)
      // Timers were drawn for another past: this one runs out now.
      if (possible.type === 'tick' && node.raft !== undefined) node.clock.atLeast(at, node.raft.deadline)
    }
    source.onAction?.(possible, at, reading)
    perform(world, possible, at)
    // From here on it shows what it showed then, and stands still in between: it may have run slowly.
    if (possible.type === 'appear') world.nodes[possible.node]?.clock.setRate(at, 0)
    if (violations.length > 0) return violations[0]
  }
  if (recording.failsInCalm) {
    source.onAction = undefined
    const driver = new Driver(world, mix, random.fork('driver'))
    converge(driver, random.fork('convergence'))
  } else judgeHistory(world)
  return violations[0]
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

/** Everything sent so far, by what it says. */
class Mail {
  readonly #byNumber = new Map<number, Envelope>()
  readonly #exact = new Map<number, Envelope>()
  readonly #sameTerm = new Map<number, Envelope>()
  readonly #sameKind = new Map<number, Envelope>()

  put(envelope: Envelope): void {
    this.#byNumber.set(envelope.number, envelope)
    this.#exact.set(contentHash(envelope.message), envelope)
    this.#sameTerm.set(termHash(envelope.message), envelope)
    this.#sameKind.set(kindHash(envelope.message), envelope)
  }

  /**
   * The very message, by its number: another that says the same may be of another round. Or, in an altered past, what says
   * the same, or the latest of its kind between the two, in that term if there is one.
   */
  find({ number, message }: Envelope): Envelope | undefined {
    const same = this.#byNumber.get(number)
    if (same !== undefined && contentHash(same.message) === contentHash(message)) return same
    return (
      this.#exact.get(contentHash(message)) ??
      this.#sameTerm.get(termHash(message)) ??
      this.#sameKind.get(kindHash(message))
    )
  }
}

function kindHash({ type, from, to }: Message): number {
  return mixText(mixText(mixText(actionCodes.deliver, type), from), to)
}

function termHash(message: Message): number {
  return fold(kindHash(message), message.term)
}

/** Not over `round` and `context`, which only count. */
function contentHash(message: Message): number {
  let hash = termHash(message)
  const also = (...numbers: readonly number[]): void => {
    for (const number of numbers) hash = fold(hash, number)
  }
  switch (message.type) {
    case 'RequestPreVote':
    case 'RequestVote':
      also(message.lastLogIndex, message.lastLogTerm)
      break
    case 'RequestPreVoteResult':
    case 'RequestVoteResult':
      also(Number(message.granted))
      break
    case 'AppendEntries':
      also(message.prevLogIndex, message.prevLogTerm, message.leaderCommit, message.entries.length)
      for (const entry of message.entries) also(entry.index, entry.term)
      break
    case 'AppendEntriesResult':
      if (message.success) also(1, message.matchIndex)
      else also(0, message.rejectedIndex, message.hintIndex, message.hintTerm)
      break
    case 'InstallSnapshot':
      also(message.lastIncludedIndex, message.lastIncludedTerm, message.offset)
      hash = mixBytes(hash, message.data)
      break
    case 'InstallSnapshotResult':
      also(message.lastIncludedIndex, message.nextOffset)
      break
    case 'ReadIndexResult':
      also(message.readIndex)
      break
    case 'TimeoutNow':
    case 'ReadIndex':
      break
    default:
      return message satisfies never
  }
  return hash
}
