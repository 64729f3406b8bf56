/**
 * Everything that a node has to do with who belongs to the room while it lives: it asks to be let in, knows who said goodbye and
 * whom to take for the leader, brings changes to the leader, and makes them where it leads.
 */
import { isJoint, isMember, type Message, type NodeId, type RaftStatus } from '@flotilla/core'
import { ClusterError } from '../api.ts'
import type { ClientFrame, Links } from '../links/links.ts'
import type { Clock } from '../time/clock.ts'
import type { Keyed } from '../transport.ts'
import type { Change } from '../wire/change.ts'
import type { JoinRefusal } from '../wire/frame.ts'
import type { HouseRules } from '../wire/house-rules.ts'
import { drawSwap, mayVote } from './autopilot.ts'
import type { AutopilotOptions } from './autopilot-options.ts'
import { ChangeDesk } from './change-desk.ts'
import { ChangeRequests } from './change-requests.ts'
import { depart } from './departure.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { Goodbyes } from './goodbyes.ts'
import { Joining } from './joining.ts'
import { LeaderTrust } from './leader-trust.ts'
import { LeadersChanges, type LeadersChangesHost, type Steps } from './leaders-changes.ts'
import { Lobby } from './lobby.ts'
import { Locksmith } from './locksmith.ts'
import { type Merit, Merits } from './merits.ts'
import { Silences } from './silences.ts'
import { Steward } from './steward.ts'
import { findSuccessor, handOverAtOnce, type Succession } from './succession.ts'

export interface MembersHost {
  readonly clock: Clock
  readonly links: Links
  readonly runtime: Steps
  readonly autopilot: AutopilotOptions
  readonly random: () => number
  readonly electionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** Requests are numbered from here, and never as in an earlier life: its answers may still come. */
  readonly firstId: number
  /** This node keeps nothing, and never votes. */
  readonly isGuest: boolean
  /** This node is there whether or not anybody has a page open. */
  readonly isLasting: boolean
  /** How well this tab would lead, now. */
  readonly merit: () => Merit
  readonly follow: LeadersChangesHost['follow']
  readonly keyed: () => Keyed | undefined
  readonly lastApplied: () => number
  /** As of what this node has applied. */
  readonly rules: () => HouseRules
  saidGoodbye(peer: NodeId): void
  /** Something other than the core may have changed what is to be said of this node. */
  changed(): void
  expireSessions(): void
}

export type MembersFrame = Extract<
  ClientFrame,
  { kind: 'join' | 'joinAnswer' | 'vouch' | 'guest' | 'lasting' | 'goodbye' | 'merit' | 'change' | 'changeAnswer' }
>

/** A leader that was not heard for so many election timeouts is named no more. A voter campaigns after two at the latest. */
const SILENT_TIMEOUTS = 3
/** More than a room has members: so many are remembered for what they said they are. */
const MAX_REMEMBERED = 256
/** So often a node that turns somebody away asks whether it should. Milliseconds. */
const ASKS_AGAIN_MS = 1_000

export class Members {
  readonly #host: MembersHost
  readonly #goodbyes: Goodbyes
  readonly #merits = new Merits()
  readonly #silences = new Silences()
  #hasLed = false
  readonly #trust: LeaderTrust
  readonly #joining: Joining
  readonly #steward: Steward
  readonly #changes: LeadersChanges
  readonly #requests: ChangeRequests
  readonly #desk: ChangeDesk
  readonly #doorkeeper: Doorkeeper
  #asksAgainAt = Number.NEGATIVE_INFINITY
  readonly #lobby: Lobby
  readonly #locksmith: Locksmith
  readonly #guests = new Set<NodeId>()
  readonly #lasting = new Set<NodeId>()
  /** Those of whose removal this node has told them. */
  readonly #toldRemoved = new Set<NodeId>()

  constructor(host: MembersHost) {
    this.#host = host
    const { clock, links, runtime, electionTimeoutMs, heartbeatIntervalMs } = host
    if (host.isLasting) this.#lasting.add(runtime.id)
    this.#goodbyes = new Goodbyes(electionTimeoutMs)
    this.#trust = new LeaderTrust(clock, this.#goodbyes, SILENT_TIMEOUTS * electionTimeoutMs, host.changed)
    this.#joining = new Joining({
      clock,
      isMember: () => isMember(runtime.status().configuration, runtime.id),
      leads: () => runtime.status().role === 'leader',
      peers: () => links.up,
      askToJoin: peer => {
        this.#sayWhatItIs(peer)
        links.sendFrame(peer, { kind: 'join' })
      },
    })
    this.#changes = new LeadersChanges({
      runtime,
      follow: host.follow,
      rules: host.rules,
      successor: () => findSuccessor(this.#succession())?.id,
      wished: () => this.#steward.lookNow(),
      mayVote: id => mayVote(this.#steward.roomNow(), id, host.autopilot),
      drawSwap: () => drawSwap(this.#steward.roomNow(), host.random),
      depart: departure => depart(this.#steward.roomNow(), departure),
    })
    this.#steward = new Steward(
      {
        clock,
        goodbyes: this.#goodbyes,
        merits: this.#merits,
        merit: host.merit,
        silences: this.#silences,
        electionTimeoutMs,
        // An answer to a heartbeat is at most a heartbeat and a round trip old.
        aliveWithinMs: 2 * electionTimeoutMs,
        status: () => runtime.status(),
        rules: () => this.#rulesOfToday(),
        wanted: () => this.#changes.wanted,
        guests: () => this.#guests,
        lasting: () => this.#lasting,
        change: changes => void runtime.step({ type: 'changeMembership', changes }),
        refuse: (joiner, refusal) => links.sendFrame(joiner, { kind: 'joinAnswer', refusal }),
        handOverTo: node => void runtime.step({ type: 'transferLeadership', to: node }),
        expireSessions: () => host.expireSessions(),
      },
      host.autopilot,
    )
    const make = (change: Change, again: boolean) => this.#changes.make(change, again)
    this.#requests = new ChangeRequests({
      id: runtime.id,
      clock,
      firstId: host.firstId,
      retryAfterMs: 2 * electionTimeoutMs,
      backOffMs: heartbeatIntervalMs,
      leader: () => runtime.status().leader,
      reaches: peer => links.up.has(peer),
      make,
      send: (to, frame) => links.sendFrame(to, frame),
    })
    this.#doorkeeper = new Doorkeeper(runtime.id, clock.now())
    this.#doorkeeper.update(runtime.status())
    this.#lobby = new Lobby(clock, host.changed)
    this.#locksmith = new Locksmith({
      rules: () => this.#rulesOfToday(),
      keyed: host.keyed,
      amend: change => this.#changes.amend(change),
    })
    this.#desk = new ChangeDesk(make, (to, frame) => links.sendFrame(to, frame))
  }

  /** Since this node started. */
  get hasHeardLeader(): boolean {
    return this.#trust.hasHeardAny || this.#hasLed
  }

  /** And has not been heard since. */
  hasLeft(node: NodeId): boolean {
    return this.#goodbyes.at.has(node)
  }

  get refusal(): JoinRefusal | undefined {
    return this.#joining.refusal
  }

  /** Whom to name as the leader, of whom core takes for it. */
  leaderOf(status: RaftStatus): NodeId | undefined {
    return this.#trust.leaderOf(status)
  }

  /** Who asks to be let in, for somebody here to answer. */
  get waiting(): readonly NodeId[] {
    const { runtime, rules } = this.#host
    const { configuration } = runtime.status()
    const { admission, refused } = rules()
    if (admission !== 'asked' || !isMember(configuration, runtime.id)) return []
    const { expelled } = configuration
    return this.#lobby.waiting.filter(
      id => !isMember(configuration, id) && !refused.includes(id) && !expelled.includes(id),
    )
  }

  // ---- What comes in over the links ---------------------------------------------------------------------------------

  /** To be asked of every frame, once. */
  hears(from: NodeId): boolean {
    const now = this.#host.clock.now()
    const isHeard = this.#doorkeeper.hears(from, now)
    if (!isHeard && now >= this.#asksAgainAt) {
      this.#asksAgainAt = now + ASKS_AGAIN_MS
      for (const peer of this.#host.links.up) this.#vouchTo(peer)
    }
    return isHeard
  }

  tells(peer: NodeId): boolean {
    return this.#doorkeeper.tells(peer)
  }

  /** Another node is there. */
  heard(from: NodeId): void {
    this.#goodbyes.heard(from, this.#host.clock.now())
    this.#silences.ended(from)
  }

  onMessage({ from, type }: Message): void {
    this.heard(from)
    if (type !== 'AppendEntries' && type !== 'InstallSnapshot') return
    const now = this.#host.clock.now()
    this.#joining.heardLeader(now)
    this.#trust.heard(now)
  }

  onFrame(from: NodeId, frame: MembersFrame): void {
    switch (frame.kind) {
      case 'join':
        this.heard(from)
        this.#lobby.asked(from)
        return this.#steward.join(from)
      case 'joinAnswer':
        this.#joining.refused(frame.refusal, from === this.#host.runtime.status().leader)
        return this.#host.changed()
      case 'guest':
        if (this.#guests.size < MAX_REMEMBERED) this.#guests.add(from)
        return
      case 'lasting':
        if (this.#lasting.size < MAX_REMEMBERED) this.#lasting.add(from)
        return
      case 'vouch': {
        this.#doorkeeper.vouched(from, frame)
        const { word } = this.#doorkeeper
        if (word !== undefined && word.index > frame.index) this.#tellWord(from)
        return
      }
      case 'goodbye':
        return this.saidGoodbye(from)
      case 'merit':
        return this.#merits.said(from, frame)
      case 'change':
        this.heard(from)
        if (!this.#mayAsk(from, frame.change)) return
        return void this.#desk.asked(from, frame)
      case 'changeAnswer':
        return this.#requests.answered(from, frame.request, frame.answer)
      default:
        return frame satisfies never
    }
  }

  /** By whatever way, and perhaps by several. */
  saidGoodbye(peer: NodeId): void {
    const isNews = !this.#goodbyes.at.has(peer)
    this.#goodbyes.said(peer, this.#host.clock.now())
    if (!isNews) return
    this.#host.saidGoodbye(peer)
    this.#steward.lookNow()
    this.#host.changed()
  }

  linkUp(peer: NodeId): void {
    this.#goodbyes.returned(peer)
    this.#silences.ended(peer)
    this.#joining.linkUp(peer)
    this.#sayWhatItIs(peer)
    this.tellMerit(peer)
    this.#vouchTo(peer)
  }

  linkDown(peer: NodeId): void {
    this.#silences.began(peer, this.#host.clock.now())
    this.#doorkeeper.unlinked(peer)
    if (!isMember(this.#host.runtime.status().configuration, peer)) {
      this.#guests.delete(peer)
      this.#lasting.delete(peer)
    }
    this.#lobby.left(peer)
    this.#toldRemoved.delete(peer)
  }

  // ---- What the application asks for --------------------------------------------------------------------------------

  /** Of whoever leads. Resolves when it is committed. */
  ask(change: Change, timeoutMs: number): Promise<void> {
    return this.#requests.ask(change, timeoutMs)
  }

  /** Leads no longer. Rejects with `NotLeader` if another does. */
  resign(timeoutMs: number): Promise<void> {
    const { role, leader } = this.#host.runtime.status()
    if (role === 'leader') return this.ask({ type: 'transfer', id: undefined }, timeoutMs)
    return Promise.reject(new ClusterError('NotLeader', `the leader is ${leader ?? 'not known'}`))
  }

  /** Gives up its own membership. Resolves when that is committed; if it fails, it stays a member. */
  async leave(timeoutMs: number): Promise<void> {
    const { runtime, clock } = this.#host
    const { id } = runtime
    const deadline = clock.now() + timeoutMs
    if (hasLeft(id, runtime.status())) return
    this.#joining.leave(true)
    try {
      // A leader that goes leads until its going is committed; handing over first, it can wait for an answer like anybody.
      if (this.#changes.hasSuccessor) await this.resign(timeoutMs / 2).catch(() => undefined)
      await this.ask({ type: 'leave', id }, deadline - clock.now())
    } catch (error) {
      this.#joining.leave(false)
      throw error
    }
  }

  /** To `peer`, or to everyone. */
  tellMerit(peer?: NodeId): void {
    const { links, merit } = this.#host
    const { priority, visible } = merit()
    for (const to of peer === undefined ? links.up : [peer]) {
      links.sendFrame(to, { kind: 'merit', priority, visible })
    }
  }

  #sayWhatItIs(peer: NodeId): void {
    const { isGuest, isLasting, links } = this.#host
    if (isGuest) links.sendFrame(peer, { kind: 'guest' })
    else if (isLasting) links.sendFrame(peer, { kind: 'lasting' })
  }

  /** Synchronous to the last byte: there may be no later. */
  goodbye(): void {
    const { links } = this.#host
    handOverAtOnce(this.#succession())
    for (const peer of links.up) links.sendFrame(peer, { kind: 'goodbye' })
    links.hurry()
  }

  // ---- What the runtime has to tell ---------------------------------------------------------------------------------

  /** The clock jumped, or this node was frozen. */
  resumed(): void {
    this.#silences.beginAnew(this.#host.clock.now())
  }

  update(status: RaftStatus): void {
    if (status.role === 'leader') this.#hasLed = true
    this.#keepDoor(status)
    this.#changes.update(status)
    this.#noteDeparture(status)
    this.#joining.update()
    this.#steward.update(status)
  }

  /** Another leader is known, or the same one in another term. */
  leaderChanged(leader: NodeId): void {
    if (leader !== this.#host.runtime.id) {
      // It may have been restarted since the link came up.
      this.#sayWhatItIs(leader)
      this.tellMerit(leader)
    }
    this.#requests.leaderChanged()
  }

  /** All that waits is told `error`; nothing more happens. */
  stop(error: ClusterError): void {
    this.#joining.stop()
    this.#steward.stop()
    this.#trust.stop()
    this.#lobby.stop()
    this.#requests.stop(error)
  }

  // ---- The door -------------------------------------------------------------------------------------------------------

  #keepDoor(status: RaftStatus): void {
    const { links, rules } = this.#host
    this.#doorkeeper.admission = rules().admission
    if (this.#doorkeeper.update(status)) for (const peer of links.up) this.#vouchTo(peer)
    this.#locksmith.update(status)
    if (status.role === 'leader' && status.configurationIndex <= status.commitIndex) this.#tellRemoved(status)
  }

  /** Nobody else does, and soon nobody can: the room's key will be another. */
  #tellRemoved({ configuration }: RaftStatus): void {
    const { links } = this.#host
    for (const id of configuration.expelled) {
      if (!links.up.has(id) || this.#toldRemoved.has(id)) continue
      this.#toldRemoved.add(id)
      links.sendFrame(id, { kind: 'joinAnswer', refusal: 'Removed' })
    }
  }

  #vouchTo(peer: NodeId): void {
    if (this.#doorkeeper.keepsSomebodyOut) this.#tellWord(peer)
  }

  #tellWord(peer: NodeId): void {
    const { word } = this.#doorkeeper
    if (word?.members.includes(peer)) this.#host.links.sendFrame(peer, { kind: 'vouch', ...word })
  }

  /** Who has left is told nothing more, so it looks itself. */
  #noteDeparture(status: RaftStatus): void {
    const { id } = this.#host.runtime
    if (hasLeft(id, status)) this.#requests.cameAbout(change => change.type === 'leave' && change.id === id)
  }

  /** Whoever leaves may ask again whether it has left. */
  #mayAsk(from: NodeId, change: Change): boolean {
    const { configuration } = this.#host.runtime.status()
    return isMember(configuration, from) || (change.type === 'leave' && change.id === from)
  }

  #rulesOfToday(): HouseRules | undefined {
    const { runtime, rules, lastApplied } = this.#host
    return lastApplied() >= runtime.status().commitIndex ? rules() : undefined
  }

  #succession(): Succession {
    const { runtime, links, clock, electionTimeoutMs, autopilot } = this.#host
    return {
      runtime,
      links,
      now: clock.now(),
      aliveWithinMs: electionTimeoutMs,
      away: this.#goodbyes.at,
      minVoters: autopilot.minVoters,
      merits: this.#merits,
    }
  }
}

/** Not before that is committed; and a joint configuration that is committed is not the end yet (§6). */
function hasLeft(id: NodeId, { configuration, configurationIndex, commitIndex }: RaftStatus): boolean {
  return !isMember(configuration, id) && !isJoint(configuration) && configurationIndex <= commitIndex
}
