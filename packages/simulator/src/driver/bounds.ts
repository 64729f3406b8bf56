/**
 * How long a cluster may take to recover once faults have ended, from what it is made of: no constant holds for seven nodes
 * whose elections collide, or for a follower that is a hundred entries behind and gets them one by one.
 *
 * A run ends as soon as it has recovered, so a generous bound costs time only where something is wrong.
 */
import type { Mix } from './swarm.ts'

export interface Backlog {
  /** Everybody whose campaigns can collide. */
  readonly nodes: number
  /** At most so many has one node to send another. */
  readonly entries: number
  readonly snapshotBytes: number
}

/** That a sound cluster takes longer: less than once in all seeds that anybody will run. */
const acceptedRisk = 1e-9
/** Of an entry in a message, beside its padding: the command itself, and what core counts for every entry. */
const entryOverheadBytes = 64

export function recoveryBoundMs(mix: Mix, backlog: Backlog): number {
  return electionBoundMs(mix, backlog.nodes) + 2 * catchUpBoundMs(mix, backlog)
}

/**
 * Whoever can win campaigns at least once in two election timeouts, and wins if nobody else's timer, drawn from one such
 * timeout, runs out while it asks for votes, or so shortly before that the other is still asking.
 */
export function electionBoundMs(mix: Mix, nodes: number): number {
  const { electionTimeoutMs, raftOptions } = mix
  const campaignMs = (raftOptions.preVote === false ? 1 : 2) * roundTripMs(mix)
  const collides = Math.min(0.75, (2 * campaignMs) / electionTimeoutMs)
  // By multiplication alone: powers and logarithms are not the same in every engine.
  let succeeds = 1
  for (let other = 1; other < nodes; other++) succeeds *= 1 - collides
  let attempts = 0
  for (let risk = 1; risk > acceptedRisk; risk *= 1 - succeeds) attempts += 1
  return Math.max(10, attempts) * 2 * electionTimeoutMs
}

/**
 * How many events a recovery may take: a cluster that is busy for longer is going in circles, however little time that
 * takes. Room for a hundred election timeouts of heartbeats, and for everybody to be caught up several times over a link
 * that reorders: what overtakes is rejected, and then the whole window is sent again, so that it may take a window per message.
 */
export function recoveryBoundEvents(mix: Mix, backlog: Backlog): number {
  const beats = mix.electionTimeoutMs / mix.heartbeatMs
  const messages = catchUpMessages(mix, backlog)
  const window = Math.min(messages, mix.raftOptions.maxInflightMessages ?? Number.POSITIVE_INFINITY)
  return Math.ceil(backlog.nodes * (100 * 4 * beats + 2 * messages * (10 + window)))
}

/** As if nothing were ever under way twice: each message, each chunk waits for the answer to the one before. */
export function catchUpBoundMs(mix: Mix, backlog: Backlog): number {
  return catchUpMessages(mix, backlog) * roundTripMs(mix)
}

function catchUpMessages(mix: Mix, { entries, snapshotBytes }: Backlog): number {
  const { maxEntriesPerMessage = 1, maxBytesPerMessage = 1, snapshotChunkBytes = 1 } = mix.raftOptions
  const perMessage = Math.min(maxEntriesPerMessage, Math.floor(maxBytesPerMessage / (entryOverheadBytes + mix.padding)))
  const messages = Math.ceil(entries / Math.max(1, perMessage))
  const chunks = Math.ceil(snapshotBytes / snapshotChunkBytes)
  return messages + chunks
}

/** There and back on a calm day (network.ts), with a unit written at either end. */
function roundTripMs({ network, disk }: Mix): number {
  return 2 * (network.leastMs + 0.2 * network.typicalMs) + 2 * disk.leastMs
}
