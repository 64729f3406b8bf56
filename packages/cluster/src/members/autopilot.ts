/** The leader's rules for who votes (design: "membership is not connectivity"). Pure: `nextChange` looks at the room and decides. */
import {
  type FollowerStatus,
  isJoint,
  type MembershipChange,
  majorityOf,
  type NodeId,
  type RaftStatus,
} from '@flotilla/core'
import { type AutopilotOptions, MAX_ROOM_MEMBERS } from './autopilot-options.ts'
import { mayVoteTogether, placesBeside } from './lasting.ts'

/** The room as its leader sees it. Times are milliseconds on the leader's clock. */
export interface Room {
  readonly now: number
  readonly status: RaftStatus
  /** When this node began to lead. */
  readonly leaderSince: number
  /** Who answered within this long is alive. */
  readonly aliveWithinMs: number
  /** When those who are away said goodbye. */
  readonly goodbyes: ReadonlyMap<NodeId, number>
  /** Nodes that asked to be let in. */
  readonly joiners: readonly NodeId[]
  /** Members that somebody wants to vote, however many do. */
  readonly wanted: ReadonlySet<NodeId>
  /** Of members that were let in since this node leads: when. */
  readonly memberSince: ReadonlyMap<NodeId, number>
  /** Those that keep nothing: they never vote, and once gone are gone for good. */
  readonly guests: ReadonlySet<NodeId>
  /** Those that said they are there whether or not anybody has a page open. */
  readonly lasting: ReadonlySet<NodeId>
  /** Of those who were silent already before this node led: since when. */
  readonly silentSince: ReadonlyMap<NodeId, number>
}

/**
 * The one change to make now, if any. Never two at a time, and never one that leaves the room with less tolerance for
 * the next loss (live voters − majority) than it has, but where lasting nodes take over the votes of tabs (`lasting.ts`).
 */
export function nextChange(room: Room, options: AutopilotOptions): readonly MembershipChange[] | undefined {
  if (isInTransition(room.status)) return undefined
  return (
    letGo(room, options) ??
    replaceOneGone(room, options) ??
    promoteOne(room, options) ??
    relieve(room, options) ??
    forget(room, options) ??
    letIn(room)
  )
}

/**
 * A learner that is ready votes from now on, and a voter that does not lead does not, in one joint change: each drawn by lot.
 * As one that is alive comes for one that may not be, the room tolerates no less than before.
 *
 * @param random uniform in [0, 1)
 * @returns why not, if nobody can be swapped
 */
export function drawSwap(room: Room, random: () => number): readonly MembershipChange[] | 'nobody is ready' {
  const { id, configuration } = room.status
  const draw = (ids: readonly NodeId[]): NodeId | undefined => ids[Math.floor(random() * ids.length)]
  const learner = draw(readyLearners(room))
  const isAlike = (voter: NodeId): boolean =>
    learner === undefined || room.lasting.has(voter) === room.lasting.has(learner)
  const voter = draw(configuration.voters.filter(voter => voter !== id && isAlike(voter)))
  if (learner === undefined || voter === undefined) return 'nobody is ready'
  return [
    { type: 'demote', id: voter },
    { type: 'addVoter', id: learner },
  ]
}

/** Members as many as there may be, and all of them are here: who asks to be let in cannot be. */
export function isFull(room: Room, options: AutopilotOptions): boolean {
  return placesLeft(room) <= 0 && goneLearners(room, options).length === 0
}

/** One thing at a time: neither another change nor a transfer while one of either is under way. */
export function isInTransition({
  configuration,
  configurationIndex,
  commitIndex,
  transferringTo,
}: RaftStatus): boolean {
  return configurationIndex > commitIndex || isJoint(configuration) || transferringTo !== undefined
}

/**
 * Those who stay are no majority, but would be one if a voter that said goodbye did not count: it goes at once, because this
 * leader will have lost its own office long before `awayAfterMs`. Alone, for a joint change would need the old majority too.
 */
function letGo(room: Room, { minVoters }: AutopilotOptions): readonly MembershipChange[] | undefined {
  const { voters } = room.status.configuration
  const leaving = voters.find(id => id !== room.status.id && room.goodbyes.has(id))
  if (leaving === undefined || voters.length - 1 < minVoters) return undefined
  const staying = voters.filter(id => id === room.status.id || !room.goodbyes.has(id)).length
  const isStuck = staying < majorityOf(voters.length)
  return isStuck && staying >= majorityOf(voters.length - 1) ? [{ type: 'demote', id: leaving }] : undefined
}

/**
 * A voter that is gone makes room for a standby that is here, in one change; without a standby, for a smaller majority. Only what can
 * be committed now: a leader that hears nobody would take those for gone who do not hear it, and what it appended on the way out could
 * keep the others from electing one of them.
 */
function replaceOneGone(room: Room, options: AutopilotOptions): readonly MembershipChange[] | undefined {
  const { voters } = room.status.configuration
  const gone = voters.find(id => isGone(room, id, options))
  if (gone === undefined) return undefined
  const demotion: MembershipChange = { type: 'demote', id: gone }
  const rest = voters.filter(id => id !== gone)
  const standby = readyLearners(room).find(id => mayVoteTogether([...rest, id], room.lasting, options.minVoters))
  // A joint change needs the majority there is, too.
  if (standby !== undefined && tolerance(room, voters) >= 0) return [demotion, { type: 'addVoter', id: standby }]
  if (rest.length < options.minVoters) return undefined
  return tolerance(room, rest) >= Math.max(0, tolerance(room, voters)) ? [demotion] : undefined
}

function promoteOne(room: Room, options: AutopilotOptions): readonly MembershipChange[] | undefined {
  const { voters } = room.status.configuration
  const ready = readyLearners(room).filter(id => mayVote(room, id, options))
  const lastingVoters = voters.filter(id => room.lasting.has(id)).length
  const hasPlace = (id: NodeId): boolean => (room.lasting.has(id) ? lastingVoters : voters.length) < options.maxVoters
  const learner = ready.find(id => room.wanted.has(id)) ?? ready.find(hasPlace)
  if (learner === undefined || tolerance(room, [...voters, learner]) < tolerance(room, voters)) return undefined
  return [{ type: 'addVoter', id: learner }]
}

/** Voters that lasting nodes do without vote no more, this leader among them: all at once, for tabs close all at once. */
function relieve(room: Room, { minVoters }: AutopilotOptions): readonly MembershipChange[] | undefined {
  const { voters } = room.status.configuration
  const others = voters.filter(id => !room.lasting.has(id))
  const relieved = others
    .toSorted((a, b) => Number(isAlive(room, b)) - Number(isAlive(room, a)))
    .slice(placesBeside(voters.length - others.length, minVoters))
  const rest = voters.filter(id => !relieved.includes(id))
  if (relieved.length === 0 || tolerance(room, rest) < 0) return undefined
  return relieved.map(id => ({ type: 'demote', id }) as const)
}

/**
 * A learner that is gone for good costs a heartbeat for ever, and a hundred of them the last place in the room. How long it is gone
 * each leader counts by what it knows itself: clocks of different tabs cannot be compared, and a place is only needed at the cap.
 */
function forget(room: Room, options: AutopilotOptions): readonly MembershipChange[] | undefined {
  const gone = goneLearners(room, options)
  const isOverdue = (id: NodeId): boolean =>
    room.guests.has(id) || room.now - lastSignOf(room, id) >= options.forgetAfterMs
  const overdue = gone.filter(isOverdue)
  const inTheWay = admissible(room).length - placesLeft(room)
  const leaving = [...overdue, ...gone.filter(id => !isOverdue(id)).slice(0, Math.max(0, inTheWay - overdue.length))]
  return leaving.length > 0 ? leaving.map(id => ({ type: 'remove', id }) as const) : undefined
}

function letIn(room: Room): readonly MembershipChange[] | undefined {
  const changes = admissible(room)
    .slice(0, Math.max(0, placesLeft(room)))
    .map(id => ({ type: 'addLearner', id }) as const)
  return changes.length > 0 ? changes : undefined
}

/** Whom somebody expelled only somebody can let in. */
function admissible({ joiners, status }: Room): readonly NodeId[] {
  const { members, expelled } = status.configuration
  return joiners.filter(id => members.every(member => member.id !== id) && !expelled.includes(id))
}

const placesLeft = ({ status }: Room): number => MAX_ROOM_MEMBERS - status.configuration.members.length

/** The longest gone first. */
function goneLearners(room: Room, options: AutopilotOptions): readonly NodeId[] {
  const { members, voters } = room.status.configuration
  return members
    .map(({ id }) => id)
    .filter(id => !voters.includes(id) && isGone(room, id, options))
    .toSorted((a, b) => lastSignOf(room, a) - lastSignOf(room, b))
}

/** How many more live voters the room can lose and still commit; below zero it cannot now. */
export function tolerance(room: Room, voters: readonly NodeId[]): number {
  return voters.filter(id => isAlive(room, id)).length - majorityOf(voters.length)
}

/** Whether this one may vote beside those who do. */
export function mayVote({ status, lasting }: Room, id: NodeId, { minVoters }: AutopilotOptions): boolean {
  // A lasting one always may, and those who may not beside it are relieved.
  return lasting.has(id) || mayVoteTogether([...status.configuration.voters, id], lasting, minVoters)
}

/** Learners that are here and caught up: lasting ones, then the others, in the order of joining. */
export function readyLearners(room: Room): readonly NodeId[] {
  const { configuration, followers } = room.status
  return configuration.members
    .map(({ id }) => followers.find(follower => follower.id === id))
    .filter(follower => follower !== undefined)
    .filter(({ id }) => !configuration.voters.includes(id) && !room.guests.has(id))
    .filter(follower => isReady(room, follower))
    .map(({ id }) => id)
    .toSorted((a, b) => Number(room.lasting.has(b)) - Number(room.lasting.has(a)))
}

/** Here, and caught up. */
export function isReady(room: Room, { id, isCaughtUp }: FollowerStatus): boolean {
  return isCaughtUp && isAlive(room, id)
}

function isAlive(room: Room, id: NodeId): boolean {
  if (id === room.status.id) return true
  const heardAt = lastHeardAt(room, id)
  return heardAt !== undefined && room.now - heardAt < room.aliveWithinMs && !room.goodbyes.has(id)
}

/**
 * Silent for `deadAfterMs`, or away for `awayAfterMs`. Whoever has only just begun to lead has not listened long enough to
 * say; but a goodbye that was said shortly before, to the last leader or by it, is news.
 */
function isGone(room: Room, id: NodeId, options: AutopilotOptions): boolean {
  const { now, leaderSince, aliveWithinMs, goodbyes } = room
  if (id === room.status.id) return false
  const hasListened = now - leaderSince >= aliveWithinMs
  const goodbyeAt = goodbyes.get(id)
  const isBelieved = goodbyeAt !== undefined && (hasListened || goodbyeAt >= leaderSince - aliveWithinMs)
  if (isBelieved && now - goodbyeAt >= options.awayAfterMs) return true
  return hasListened && now - lastSignOf(room, id) >= options.deadAfterMs
}

/** When it was last heard, let in, or waited for. */
function lastSignOf(room: Room, id: NodeId): number {
  return lastHeardAt(room, id) ?? room.silentSince.get(id) ?? room.memberSince.get(id) ?? room.leaderSince
}

function lastHeardAt(room: Room, id: NodeId): number | undefined {
  return room.status.followers.find(follower => follower.id === id)?.lastHeardAt
}
