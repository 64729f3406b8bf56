/**
 * Brings the bytes of an entry to whoever leads, again and again, until it is told what became of them. The leader may be
 * this very node; then it is the same without the wire. Trying twice is harmless, because a session sees to "exactly once".
 */
import type { NodeId, Outcome, ProposedAll } from '@flotilla/core'
import type { Clock } from '../time/clock.ts'
import type { ProposeAllFrame, ProposeAnswer, ProposeFrame } from '../wire/frame.ts'
import { inFrames } from './proposal-frames.ts'
import { NEVER, type Waiter, Waiting } from './waiting.ts'

/** The answers that end a request; all others mean "try again". */
export type FinalAnswer = Extract<ProposeAnswer, { kind: 'applied' | 'sessionExpired' }>

export interface RequestsHost {
  readonly clock: Clock
  /** Requests are numbered from here, and never as in an earlier life: its answers may still come. */
  readonly firstId: number
  /** No answer for this long: ask again. */
  readonly retryAfterMs: number
  /** Told to come back later: wait this long. */
  readonly backOffMs: number
  /** Proposes at this node; if it was appended, `answer` is told what became of it. */
  propose(data: Uint8Array, answer: (answer: ProposeAnswer) => void): Outcome
  /** As `propose`; `answer` is told of each that was appended, by its place. */
  proposeAll(data: readonly Uint8Array[], answer: (place: number, answer: ProposeAnswer) => void): ProposedAll
  send(to: NodeId, frame: ProposeFrame | ProposeAllFrame): void
  peers(): ReadonlySet<NodeId>
  /** Whether this node's configuration names it, so that it will hear from a leader by itself. */
  isMember(): boolean
}

export interface RequestProgress {
  /** How many copies may be in some leader's log. */
  copies: number
  /** A leader said that it has too much to do. */
  overloaded: boolean
  /** A copy was in some leader's log, and another entry was committed in its place. */
  superseded: boolean
}

interface Request extends RequestProgress, Waiter {
  readonly id: number
  readonly data: Uint8Array
  readonly end: (answer: FinalAnswer, progress: RequestProgress) => void
  readonly endUnknown: (() => void) | undefined
  /** Where the last copy went; `undefined` when there was nobody to send it to. */
  sentTo: NodeId | 'self' | undefined
  redirects: number
}

/** A member asks its leader. Who is no member follows at most this many "ask them" in a row before it waits. */
const MAX_REDIRECTS = 3

export class Requests {
  readonly #host: RequestsHost
  readonly #byId = new Map<number, Request>()
  readonly #waiting: Waiting<Request>
  #nextId: number
  /** Whose turn it is to be asked who leads. */
  #turn = 0
  /** Who was last named as the leader, for a node that no leader speaks to. */
  #hint: NodeId | undefined = undefined

  constructor(host: RequestsHost) {
    this.#host = host
    this.#nextId = host.firstId
    // It is whoever asked that knows when to give up.
    this.#waiting = new Waiting<Request>(host.clock, { askAgain: request => this.#attempt(request), giveUp: () => {} })
  }

  /**
   * `end` is called once, and never before this returns. With `endUnknown` it is over too when nobody can say what became of it:
   * whoever wants to know asks again.
   */
  start(data: Uint8Array, end: Request['end'], endUnknown?: () => void): number {
    const request = this.#admit(data, end, endUnknown)
    this.#attempt(request)
    return request.id
  }

  /** As `start`, several, which go together the first time. Gives their numbers. */
  startAll(asked: readonly Pick<Request, 'data' | 'end'>[]): readonly number[] {
    const requests = asked.map(({ data, end }) => this.#admit(data, end, undefined))
    this.#attemptAll(requests)
    return requests.map(({ id }) => id)
  }

  /** How far it has come; `undefined` once it is over. */
  progress(id: number): RequestProgress | undefined {
    return this.#byId.get(id)
  }

  /** Stops trying, and tells how far it had come. What was sent may still commit. */
  cancel(id: number): RequestProgress | undefined {
    const request = this.#byId.get(id)
    if (request !== undefined) this.#forget(request)
    return request
  }

  answered(from: NodeId, id: number, answer: ProposeAnswer): void {
    const request = this.#byId.get(id)
    if (request === undefined) return
    switch (answer.kind) {
      case 'applied':
      case 'sessionExpired':
        this.#forget(request)
        return request.end(answer, request)
      case 'unknown':
        if (request.endUnknown !== undefined) {
          this.#forget(request)
          return request.endUnknown()
        }
        return this.#waiting.askAgainIn(request, this.#host.backOffMs)
      case 'overloaded':
        request.copies--
        request.overloaded = true
        return this.#waiting.askAgainIn(request, this.#host.backOffMs)
      case 'superseded':
        // That copy had no effect and never will; where it was the only one, there is nothing to wait for. Another may be lost, and nobody say so.
        request.copies--
        request.superseded = true
        return this.#waiting.askAgainIn(request, request.copies === 0 ? this.#host.backOffMs : this.#host.retryAfterMs)
      case 'notLeader':
        request.copies--
        return this.#redirected(request, from, answer.leader)
      default:
        return answer satisfies never
    }
  }

  /** There is another leader: what the old one did with our requests, only asking again will tell. */
  leaderChanged(): void {
    for (const request of this.#waiting) this.#attempt(request)
  }

  /** A link came up: there may be somebody to ask now. */
  linkUp(): void {
    for (const request of this.#waiting) if (request.sentTo === undefined) this.#attempt(request)
  }

  stop(): void {
    this.#byId.clear()
    this.#waiting.stop()
  }

  #admit(data: Uint8Array, end: Request['end'], endUnknown: (() => void) | undefined): Request {
    const request: Request = {
      id: this.#nextId++,
      data,
      end,
      endUnknown,
      copies: 0,
      overloaded: false,
      superseded: false,
      deadline: NEVER,
      retryAt: NEVER,
      sentTo: undefined,
      redirects: 0,
    }
    this.#byId.set(request.id, request)
    this.#waiting.add(request)
    return request
  }

  /** Their first attempt. Each is tried again by itself, so a leader that knows no frames of several gets them all the same. */
  #attemptAll(requests: readonly Request[]): void {
    const [first, second] = requests
    if (first === undefined) return
    if (second === undefined) return this.#attempt(first)
    const host = this.#host
    const outcome = host.proposeAll(
      requests.map(({ data }) => data),
      (place, answer) => this.answered('self', requests[place]?.id ?? 0, answer),
    )
    switch (outcome.kind) {
      case 'appended':
        requests.forEach((request, place) => {
          if (place < outcome.entries.length) this.#appendedHere(request)
          else this.#foundNoRoom(request)
        })
        return
      case 'NotLeader':
        this.#forwardAll(requests, outcome.leader)
        for (const request of requests) this.#waiting.askAgainIn(request, host.retryAfterMs)
        return
      case 'Overloaded':
        for (const request of requests) this.#foundNoRoom(request)
        return
      default:
        for (const request of requests) this.#waiting.askAgainIn(request, host.backOffMs)
    }
  }

  #attempt(request: Request): void {
    const host = this.#host
    request.sentTo = undefined
    const outcome = host.propose(request.data, answer => this.answered('self', request.id, answer))
    switch (outcome.kind) {
      case 'command':
        return this.#appendedHere(request)
      case 'NotLeader':
        this.#forwardAll([request], outcome.leader)
        return this.#waiting.askAgainIn(request, host.retryAfterMs)
      case 'Overloaded':
        return this.#foundNoRoom(request)
      default:
        return this.#waiting.askAgainIn(request, host.backOffMs)
    }
  }

  #appendedHere(request: Request): void {
    request.sentTo = 'self'
    request.copies++
    // The leader itself learns for certain what became of it: no need to ask again.
    request.retryAt = NEVER
  }

  #foundNoRoom(request: Request): void {
    request.overloaded = true
    this.#waiting.askAgainIn(request, this.#host.backOffMs)
  }

  #forwardAll(requests: readonly Request[], leader: NodeId | undefined): void {
    const to = this.#addressee(leader)
    if (to === undefined) return
    for (const request of requests) {
      request.sentTo = to
      request.copies++
    }
    for (const frame of inFrames(requests.map(({ id, data }) => ({ request: id, data })))) this.#host.send(to, frame)
  }

  /** The leader; for one who is no member, whoever was named as it, or else anybody, who will name it. */
  #addressee(leader: NodeId | undefined): NodeId | undefined {
    const peers = this.#host.peers()
    if (leader !== undefined && peers.has(leader)) return leader
    if (this.#host.isMember()) return undefined
    if (this.#hint !== undefined && peers.has(this.#hint)) return this.#hint
    const all = [...peers]
    // Another one each time: who does not answer may be frozen, however much its link is up.
    return all[this.#turn++ % Math.max(1, all.length)]
  }

  #redirected(request: Request, from: NodeId, leader: NodeId | undefined): void {
    this.#hint = leader === from ? undefined : leader
    if (this.#hint === undefined || this.#host.isMember() || ++request.redirects > MAX_REDIRECTS) {
      request.redirects = 0
      return this.#waiting.askAgainIn(request, this.#host.backOffMs)
    }
    this.#attempt(request)
  }

  #forget(request: Request): void {
    this.#byId.delete(request.id)
    this.#waiting.delete(request)
  }
}
