/**
 * Everything that clients have to do with a node while it lives: its own commands and reads, those that other nodes send to
 * it as the leader, and what became of each.
 */
import type { Entry, NodeId, Proposed, ProposedAll, RaftStatus, ReadOutcome } from '@flotilla/core'
import type { ClusterError, ProposalFate } from '../api.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { decodeEnvelope, encodeEnvelope, isClients } from '../wire/command.ts'
import type { Proposal, ProposeAllFrame, ProposeAnswer, ProposeAnswerFrame, ProposeFrame } from '../wire/frame.ts'
import type { AppliedCommand } from './outcome.ts'
import { Proposals, type Unsent } from './proposals.ts'
import { Reach } from './reach.ts'
import { Reads, type Unanswered } from './reads.ts'
import { Requests } from './requests.ts'
import { SessionExpiry } from './session-expiry.ts'
import type { RememberedAnswer, SessionTable } from './sessions.ts'
import { UnderWay } from './under-way.ts'

export interface ClientsHost {
  readonly clock: Clock
  /** Requests and reads are numbered from here, and never as in an earlier life: its answers may still come. */
  readonly firstId: number
  readonly electionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** Steps the core's `propose`. */
  propose(data: Uint8Array): Proposed
  /** Steps the core's `proposeAll`. */
  proposeAll(data: readonly Uint8Array[]): ProposedAll
  /** Steps the core's `read`. */
  askToRead(id: number): void
  send(to: NodeId, frame: ProposeFrame | ProposeAllFrame | ProposeAnswerFrame): void
  peers(): ReadonlySet<NodeId>
  /** Whether this node's configuration names it. */
  isMember(): boolean
  lastApplied(): number
  sessions(): SessionTable
}

/** What no leader has heard of yet. */
export interface Unfinished {
  readonly commands: readonly Unsent[]
  readonly reads: readonly Unanswered[]
}

const nothing = new Uint8Array()
const unknown: ProposeAnswer = { kind: 'unknown' }

export class Clients {
  /** What this node appended as the leader, for whomever. */
  readonly underWay = new UnderWay()
  readonly #host: ClientsHost
  readonly #requests: Requests
  readonly #proposals: Proposals
  readonly #reads: Reads
  readonly #sessionExpiry = new SessionExpiry()
  /** What other nodes asked for and have no answer to yet, by number and asker. */
  readonly #served = new Set<string>()
  /** By request: who brought it here waits for its answer. */
  readonly #forwarded = new Map<number, (answer: ProposeAnswer) => void>()
  /** By session and number, of those that are commands: what this node applies itself is the answer, too, whoever leads. */
  readonly #brought = new Map<string, Set<(answer: ProposeAnswer) => void>>()
  readonly #reach = new Reach()

  constructor(host: ClientsHost) {
    this.#host = host
    const { clock, firstId, electionTimeoutMs, heartbeatIntervalMs } = host
    this.#requests = new Requests({
      clock,
      firstId,
      retryAfterMs: 2 * electionTimeoutMs,
      backOffMs: heartbeatIntervalMs,
      propose: (data, answer) => this.#append(data, answer),
      proposeAll: (data, answer) => this.#appendAll(data, answer),
      send: (to, frame) => host.send(to, frame),
      peers: () => host.peers(),
      isMember: () => host.isMember(),
    })
    this.#proposals = new Proposals(clock, this.#requests)
    this.#reads = new Reads({
      clock,
      firstId,
      backOffMs: heartbeatIntervalMs,
      ask: id => host.askToRead(id),
      lastApplied: () => host.lastApplied(),
    })
  }

  // ---- This node's own ----------------------------------------------------------------------------------------------

  propose(
    command: Uint8Array,
    timeoutMs: number,
    onFate: ((fate: ProposalFate) => void) | undefined,
  ): Promise<RememberedAnswer> {
    return this.#proposals.propose(command, timeoutMs, onFate)
  }

  proposeAll(
    commands: readonly Uint8Array[],
    timeoutMs: number,
    onFate: ((fate: ProposalFate, place: number) => void) | undefined,
  ): readonly Promise<RememberedAnswer>[] {
    return this.#proposals.proposeAll(commands, timeoutMs, onFate)
  }

  read<T>(query: () => T, timeoutMs: number): Promise<T> {
    return this.#reads.read(query, timeoutMs)
  }

  /**
   * Brings the entry of a client that is no node to whoever leads, for as long as it takes. `answer` is told the end of it, or
   * `unknown` if this node stops, or may have had it applied before. `onReach`: see `Reach`. Gives the way to stop trying.
   */
  forward(
    data: Uint8Array,
    answer: (answer: ProposeAnswer) => void,
    onReach: ((isElsewhere: boolean) => void) | undefined,
  ): () => void {
    const watch = onReach && this.#reach.watch(data, onReach)
    const over = (told: ProposeAnswer): void => {
      if (told.kind === 'unknown') watch?.leave()
      else watch?.stop()
      this.#forwarded.delete(request)
      leave.now()
      answer(told)
    }
    const leave = this.#awaitApplied(data, told => {
      this.#requests.cancel(request)
      over(told)
    })
    const request = this.#requests.start(
      data,
      (end, { copies }) => over(end.kind === 'sessionExpired' && copies !== 1 ? unknown : end),
      // Its client may have given it up, and then it would be appended for ever, without effect.
      () => leave.soon(),
    )
    this.#forwarded.set(request, over)
    return () => {
      watch?.stop()
      leave.now()
      this.#forwarded.delete(request)
      this.#requests.cancel(request)
    }
  }

  /**
   * A leader that is a carrier never knows what a command came to: this node does, once it has applied it. `soon`: whoever leads cannot say,
   * and if it is not applied here before long, it is `unknown`.
   */
  #awaitApplied(
    data: Uint8Array,
    answer: (answer: ProposeAnswer) => void,
  ): { readonly soon: () => void; readonly now: () => void } {
    const { clock, heartbeatIntervalMs } = this.#host
    const decoded = decodeEnvelope(data)
    if (!decoded.ok || decoded.value.kind !== 'command') return { soon: () => answer(unknown), now: () => {} }
    const place = placeOf(decoded.value.session, decoded.value.sequence)
    const waiting = this.#brought.get(place) ?? new Set()
    this.#brought.set(place, waiting.add(answer))
    const alarm = new Alarm(clock, () => answer(unknown))
    return {
      soon: () => alarm.noLaterThan(clock.now() + heartbeatIntervalMs),
      now: () => {
        alarm.stop()
        waiting.delete(answer)
        if (waiting.size === 0) this.#brought.delete(place)
      },
    }
  }

  // ---- What comes in over the links ---------------------------------------------------------------------------------

  /**
   * Another node's commands, for this one to append if it leads. One that is asked for again while it is under way is not appended
   * again: its answer comes when the first one does.
   */
  onPropose(from: NodeId, proposals: readonly Proposal[]): void {
    const fresh = proposals.filter(({ request, data }) => isClients(data) && this.#isNew(from, request))
    const reply = (place: number, answer: ProposeAnswer): void => {
      const request = fresh[place]?.request
      if (request === undefined) return
      this.#served.delete(numbered(from, request))
      this.#host.send(from, { kind: 'proposeAnswer', request, answer })
    }
    const outcome = this.#appendAll(
      fresh.map(({ data }) => data),
      reply,
    )
    const taken = outcome.kind === 'appended' ? outcome.entries.length : 0
    for (let place = taken; place < fresh.length; place++) reply(place, whyNot(outcome))
  }

  onAnswer(from: NodeId, { request, answer }: ProposeAnswerFrame): void {
    this.#requests.answered(from, request, answer)
  }

  linkUp(): void {
    this.#requests.linkUp()
  }

  // ---- What the runtime has to tell ---------------------------------------------------------------------------------

  /** Entries are about to be written, in place of whatever the log had from `replacedFrom` on; 0 for nothing. */
  appending(entries: readonly Entry[], replacedFrom: number): void {
    if (replacedFrom > 0) this.underWay.truncated(replacedFrom)
    this.#proposals.appending(entries, replacedFrom)
    this.#reach.appending(entries, replacedFrom, entry => this.underWay.isOwn(entry))
  }

  /** One more entry was applied; `command` is what it came to, if it was one. */
  applied(entry: Entry, command: AppliedCommand | undefined, now: number): void {
    if (command !== undefined && command.session > 0) {
      this.#sessionExpiry.used(this.#host.sessions().sessions.get(command.session), now)
      this.#proposals.applied(command.session, command.sequence, command.answer)
      const { kind } = command.answer
      if ((kind === 'applied' || kind === 'unknown') && this.#brought.size > 0) {
        const waiting = this.#brought.get(placeOf(command.session, command.sequence)) ?? []
        for (const answer of [...waiting]) answer(command.answer)
      }
      this.#reach.applied(command.session, command.sequence)
    }
    const { index, term } = entry
    this.underWay.applied(entry, command?.answer ?? { kind: 'applied', index, term, result: nothing })
  }

  /** Everything that was committed has been applied: reads may have what they wait for. */
  appliedAll(): void {
    this.#reads.applied()
  }

  restored(index: number): void {
    this.underWay.restored(index)
    this.#proposals.restored()
    this.#reach.restored(index)
    this.#reads.applied()
  }

  answerRead(outcome: ReadOutcome): void {
    this.#reads.answered(outcome)
  }

  update(before: RaftStatus, status: RaftStatus): void {
    const leadsOn = status.role === 'leader' && status.currentTerm === before.currentTerm
    if (before.role === 'leader' && !leadsOn) this.underWay.lostOffice(status.commitIndex)
    this.#reach.acknowledged(status.followers)
    this.#proposals.committedUpTo(status.commitIndex)
  }

  /** Another leader is known, or the same one in another term. */
  leaderChanged(): void {
    this.#requests.leaderChanged()
    this.#reads.leaderChanged()
  }

  /** At the leader: ends sessions that nobody uses. */
  expireSessions(): void {
    const sessions = this.#sessionExpiry.idle(this.#host.sessions(), this.#host.clock.now())
    if (sessions.length > 0) this.#host.propose(encodeEnvelope({ kind: 'expire', sessions }))
  }

  /** What the application waits for and another node of its can do instead. The rest is `stop`'s to end. */
  giveUpUnsent(): Unfinished {
    return { commands: this.#proposals.giveUpUnsent(), reads: this.#reads.giveUpAll() }
  }

  take({ commands, reads }: Unfinished): void {
    this.#proposals.take(commands)
    this.#reads.take(reads)
  }

  /** All that waits is told `error`; nothing more happens. */
  stop(error: ClusterError): void {
    this.#proposals.stop(error)
    this.#requests.stop()
    this.underWay.stop()
    this.#reach.stop()
    this.#reads.stop(error)
    const asked = [...this.#forwarded.values()]
    this.#forwarded.clear()
    for (const answer of asked) answer(unknown)
  }

  #isNew(from: NodeId, request: number): boolean {
    const before = this.#served.size
    return this.#served.add(numbered(from, request)).size > before
  }

  /** `answer` is told what became of each that was appended, by its place. */
  #appendAll(data: readonly Uint8Array[], answer: (place: number, answer: ProposeAnswer) => void): ProposedAll {
    const outcome = this.#host.proposeAll(data)
    if (outcome.kind !== 'appended') return outcome
    outcome.entries.forEach(({ index, term }, place) => {
      this.underWay.follow(index, term, told => answer(place, told))
    })
    return outcome
  }

  #append(data: Uint8Array, answer: (answer: ProposeAnswer) => void): Proposed {
    const outcome = this.#host.propose(data)
    if (outcome.kind === 'command') this.underWay.follow(outcome.index, outcome.term, answer)
    return outcome
  }
}

/** Of those that were not appended; where some were, there was no room for more. */
function whyNot(outcome: ProposedAll): ProposeAnswer {
  switch (outcome.kind) {
    case 'appended':
    case 'Overloaded':
      return { kind: 'overloaded' }
    case 'NotLeader':
      return { kind: 'notLeader', leader: outcome.leader }
    default:
      return { kind: 'notLeader', leader: undefined }
  }
}

const numbered = (from: NodeId, request: number): string => `${request} ${from}`

/** For want of a node that could take it. */
export function refuse({ commands, reads }: Unfinished, error: ClusterError): void {
  for (const { fate, reject } of commands) {
    fate?.abandoned('NotLeader')
    reject(error)
  }
  for (const { reject } of reads) reject(error)
}

const placeOf = (session: number, sequence: number): string => `${session}/${sequence}`
