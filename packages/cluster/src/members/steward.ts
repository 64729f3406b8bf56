/**
 * What a leader does for the room besides replicating: it lets joiners in, keeps the set of voters fit (`autopilot.ts`
 * decides how), gives way to a better leader (`preference.ts`), and ends sessions that nobody uses. A node that does not lead does nothing here.
 */
import { isMember, type MembershipChange, type NodeId, type RaftStatus } from '@flotilla/core'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import type { JoinRefusal } from '../wire/frame.ts'
import type { HouseRules } from '../wire/house-rules.ts'
import { isFull, nextChange, type Room } from './autopilot.ts'
import type { AutopilotOptions } from './autopilot-options.ts'
import type { Goodbyes } from './goodbyes.ts'
import type { Merit, Merits } from './merits.ts'
import { preferredLeader } from './preference.ts'
import type { Silences } from './silences.ts'

/** How often the room is looked at, besides when somebody asks to join. */
const LOOK_EVERY_MS = 200
const EXPIRE_SESSIONS_EVERY_MS = 60_000
/** Between two attempts to hand over to a better leader, in election timeouts: leadership must not go to and fro. */
const HAND_OVER_EVERY_TIMEOUTS = 4
/** A joiner asks again within seconds; who has not is no longer waiting. */
const FORGET_JOINER_MS = 10_000

export interface StewardHost {
  readonly clock: Clock
  readonly goodbyes: Goodbyes
  readonly merits: Merits
  readonly silences: Silences
  /** This node's own. */
  merit(): Merit
  readonly electionTimeoutMs: number
  /** Who answered within this long is alive. */
  readonly aliveWithinMs: number
  status(): RaftStatus
  /** As of everything that is committed; `undefined` while this node has not applied that yet. */
  rules(): HouseRules | undefined
  /** Who said that it keeps nothing. */
  guests(): ReadonlySet<NodeId>
  /** Who said that it is there for good, this node included. */
  lasting(): ReadonlySet<NodeId>
  /** Members that somebody wants to vote. */
  wanted(): ReadonlySet<NodeId>
  change(changes: readonly MembershipChange[]): void
  refuse(joiner: NodeId, refusal: JoinRefusal): void
  handOverTo(node: NodeId): void
  expireSessions(): void
}

export class Steward {
  readonly #host: StewardHost
  readonly #options: AutopilotOptions
  readonly #alarm: Alarm
  /** The term this node leads, and since when. */
  #office: { readonly term: number; readonly since: number } | undefined = undefined
  readonly #joinersAskedAt = new Map<NodeId, number>()
  /** Of those that became members since this node leads. */
  readonly #memberSince = new Map<NodeId, number>()
  #expireSessionsAt = 0
  #handOverNotBefore = 0

  constructor(host: StewardHost, options: AutopilotOptions) {
    this.#host = host
    this.#options = options
    this.#alarm = new Alarm(host.clock, () => this.#look())
  }

  update({ role, currentTerm }: RaftStatus): void {
    if (role !== 'leader') return this.stop()
    if (this.#office?.term === currentTerm) return
    const now = this.#host.clock.now()
    this.#office = { term: currentTerm, since: now }
    this.#expireSessionsAt = now + EXPIRE_SESSIONS_EVERY_MS
    this.#handOverNotBefore = now + HAND_OVER_EVERY_TIMEOUTS * this.#host.electionTimeoutMs
    this.#alarm.noLaterThan(now + LOOK_EVERY_MS)
  }

  /** Somebody asked to be let in. */
  join(node: NodeId): void {
    if (this.#office === undefined) return
    const { clock, status, refuse } = this.#host
    const { expelled } = status().configuration
    if (expelled.includes(node)) return refuse(node, 'Removed')
    const rules = this.#host.rules()
    // Nobody is let in by rules of yesterday. It will ask again.
    if (rules === undefined) return
    if (rules.admission === 'asked' && !isMember(status().configuration, node)) {
      return refuse(node, rules.refused.includes(node) ? 'Refused' : 'Waiting')
    }
    this.#joinersAskedAt.set(node, clock.now())
    this.#look()
    if (isMember(status().configuration, node) || !isFull(this.#room(clock.now()), this.#options)) return
    this.#joinersAskedAt.delete(node)
    refuse(node, 'RoomFull')
  }

  /** Something happened that may be a reason to act at once. A goodbye may be the last moment at which the others can do without. */
  lookNow(): void {
    if (this.#office !== undefined) this.#look()
  }

  /** As it is at this moment. */
  roomNow(): Room {
    return this.#room(this.#host.clock.now())
  }

  stop(): void {
    if (this.#office === undefined) return
    this.#office = undefined
    this.#joinersAskedAt.clear()
    this.#memberSince.clear()
    this.#alarm.stop()
  }

  #look(): void {
    const office = this.#office
    const host = this.#host
    if (office === undefined) return
    const now = host.clock.now()
    this.#alarm.noLaterThan(now + LOOK_EVERY_MS)
    const room = this.#room(now)
    const changes = nextChange(room, this.#options)
    if (changes !== undefined) host.change(changes)
    else if (now >= this.#handOverNotBefore) this.#giveWay(room)
    if (now >= this.#expireSessionsAt) {
      this.#expireSessionsAt = now + EXPIRE_SESSIONS_EVERY_MS
      host.expireSessions()
    }
  }

  #room(now: number): Room {
    const host = this.#host
    const office = this.#office
    const status = host.status()
    const { configuration } = status
    const leaderSince = office?.since ?? now
    for (const [node, askedAt] of this.#joinersAskedAt) {
      if (isMember(configuration, node) || now - askedAt > FORGET_JOINER_MS) this.#joinersAskedAt.delete(node)
    }
    for (const node of this.#memberSince.keys()) if (!isMember(configuration, node)) this.#memberSince.delete(node)
    for (const { id } of configuration.members) if (!this.#memberSince.has(id)) this.#memberSince.set(id, now)
    for (const { id, lastHeardAt } of status.followers) {
      const at = lastHeardAt ?? this.#memberSince.get(id) ?? leaderSince
      if (now - at >= host.aliveWithinMs) host.silences.began(id, at)
    }
    return {
      now,
      status,
      leaderSince,
      aliveWithinMs: host.aliveWithinMs,
      goodbyes: host.goodbyes.at,
      joiners: host.rules()?.admission === 'open' ? [...this.#joinersAskedAt.keys()] : [],
      wanted: host.wanted(),
      guests: host.guests(),
      lasting: host.lasting(),
      memberSince: this.#memberSince,
      silentSince: host.silences.since,
    }
  }

  /** To a voter that is better placed to lead, if there is one. */
  #giveWay(room: Room): void {
    const host = this.#host
    const better = preferredLeader(room, host.merit(), node => host.merits.of(node))
    if (better === undefined) return
    this.#handOverNotBefore = room.now + HAND_OVER_EVERY_TIMEOUTS * host.electionTimeoutMs
    host.handOverTo(better)
  }
}
