/**
 * A client that is no node: it speaks the wire itself, finds the leader by asking, and sends each command until it is told
 * what came of it. Often it sends one twice at once, or again when it has the answer already, under the same session and
 * sequence: whatever it is told must be what was told first.
 */
import {
  decodeFrame,
  type Envelope,
  encodeEnvelope,
  encodeFrame,
  type ProposeAnswer,
  type ProposeFrame,
} from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { encodeCommand } from '../ground/command.ts'
import type { Random } from '../ground/random.ts'
import type { ClientOperation } from './history.ts'
import { Page } from './page.ts'
import type { Port } from './port.ts'
import { registerCount } from './register-machine.ts'
import type { Room } from './room.ts'

/** What it is about to have done. */
interface Errand {
  /** `undefined` for the opening of a session. */
  readonly operation: ClientOperation | undefined
  readonly envelope: Envelope
  isDone: boolean
  /** How often it was sent, and how often because somebody named the leader since nothing had come back. */
  sends: number
  redirects: number
}

/** Two nodes may name each other: after so many names it waits. */
const mostRedirects = 3

const unsent = { isDone: false, sends: 0, redirects: 0 }

export class RemoteClient {
  readonly #room: Room
  readonly #random: Random
  /** Of copies that come late: from a stream of its own. */
  readonly #late: Random
  readonly #page: Page
  readonly #port: Port
  readonly #clusterId: string
  /** By the request that asked for it. */
  readonly #errands = new Map<number, Errand>()
  #leader: NodeId | undefined = undefined
  #session = 0
  #sequence = 0
  #requests = 0
  #errand: Errand | undefined = undefined
  isAsleep = false
  #stopped = false

  constructor(room: Room, number: number, clusterId: string, random: Random) {
    this.#room = room
    this.#random = random
    this.#late = random.fork('late')
    this.#clusterId = clusterId
    // Numbered after the tabs, so that no cut between tabs is meant for it.
    this.#page = new Page(room.timeline, 100 + number, 1)
    this.#port = room.network.transport(this.#page)
    void this.#port.open(`client-${number}`, {
      onFrame: (from, frame) => this.#hear(from, frame),
      onPeer: () => {},
    })
    room.timeline.every(
      () => random.tail(1, room.mix.thinkMs),
      () => this.#begin(),
      () => !this.#stopped,
    )
  }

  /** Asks for nothing new, and goes on until what it asked for is done. */
  stop(): void {
    this.#stopped = true
  }

  get isWaiting(): boolean {
    return this.#errand !== undefined
  }

  #begin(): void {
    if (this.isAsleep || this.#errand !== undefined) return
    if (this.#session === 0) return this.#go({ operation: undefined, envelope: { kind: 'open' }, ...unsent })
    const { history, timeline } = this.#room
    const key = this.#random.int(registerCount)
    const operation = history.begin('write', this.#port.id, key, timeline.events)
    const sequence = ++this.#sequence
    // It keeps the last few answers unconfirmed, so that it may ask for them again.
    const firstUnanswered = Math.max(1, sequence - this.#random.int(4))
    const command = encodeCommand(operation.number, key, 0)
    const envelope: Envelope = { kind: 'command', session: this.#session, sequence, firstUnanswered, command }
    this.#go({ operation, envelope, ...unsent })
  }

  #go(errand: Errand): void {
    this.#errand = errand
    this.#send(errand)
    if (this.#random.chance(0.2)) this.#send(errand)
    if (errand.operation !== undefined && this.#late.chance(this.#room.mix.lateFrames)) this.#sendLate(errand)
  }

  /** One more copy was held up somewhere, and comes when its client has long gone on, or begun another session. */
  #sendLate(errand: Errand): void {
    const { timeline, mix } = this.#room
    timeline.after(this.#late.tail(5 * mix.thinkMs, 5 * mix.electionTimeoutMs), () => {
      const to = this.#late.pick(this.#port.peers().filter(id => !id.startsWith('client-')))
      if (to !== undefined && !this.#room.isCalm) this.#post(errand, to)
    })
  }

  #post(errand: Errand, to: NodeId): void {
    const request = ++this.#requests
    this.#errands.set(request, errand)
    const body: ProposeFrame = { kind: 'propose', request, data: encodeEnvelope(errand.envelope) }
    this.#port.send(to, encodeFrame({ clusterId: this.#clusterId, body }), 'normal')
  }

  /** Sends it, and again when nothing comes back. */
  #send(errand: Errand): void {
    const { timeline, mix } = this.#room
    const to = this.#addressee()
    if (to !== undefined) this.#post(errand, to)
    const sends = ++errand.sends
    timeline.after(this.#random.between(0.5, 3) * mix.electionTimeoutMs, () => {
      // Only the latest try waits: otherwise each would beget another for ever.
      if (errand.isDone || errand.sends !== sends) return
      errand.redirects = 0
      this.#leader = undefined
      this.#send(errand)
    })
  }

  /** Whoever was named as the leader, or anybody: who, by chance, leads, or knows who does. */
  #addressee(): NodeId | undefined {
    const peers = this.#port.peers().filter(id => !id.startsWith('client-'))
    if (this.#leader !== undefined && peers.includes(this.#leader) && !this.#random.chance(0.1)) return this.#leader
    return this.#random.pick(peers)
  }

  #hear(from: NodeId, frame: Uint8Array): void {
    const decoded = decodeFrame(frame, from, this.#port.id)
    if (!decoded.ok || decoded.value.body.kind !== 'proposeAnswer') return
    const { request, answer } = decoded.value.body
    const errand = this.#errands.get(request)
    if (errand !== undefined) this.#answered(errand, from, answer)
  }

  #answered(errand: Errand, from: NodeId, answer: ProposeAnswer): void {
    switch (answer.kind) {
      case 'applied':
        this.#leader = from
        if (errand.operation !== undefined) this.#taken(errand.operation, answer)
        // Each copy of the opening opens one: the first is as good as any.
        else if (!errand.isDone) this.#session = answer.index
        this.#done(errand)
        // It may have lost the answer again, and asks once more.
        if (errand.operation !== undefined && this.#isStillRemembered(errand) && this.#random.chance(0.2))
          this.#send(errand)
        return
      case 'sessionExpired':
        if (errand.envelope.kind === 'command') this.#room.sessionEnds.told(errand.envelope.session)
        if (errand.isDone) return
        this.#room.marks.sometimes('remote client told that its session ended')
        this.#session = 0
        this.#sequence = 0
        if (errand.operation !== undefined) this.#room.history.ended(errand.operation, 'unknown')
        return this.#done(errand)
      case 'notLeader':
        if (errand.isDone) return
        this.#leader = answer.leader === from ? undefined : answer.leader
        if (this.#leader === undefined || ++errand.redirects > mostRedirects) return
        this.#room.marks.sometimes('remote client redirected')
        return this.#send(errand)
      case 'overloaded':
      case 'unknown':
      case 'superseded':
        return
      default:
        return answer satisfies never
    }
  }

  #taken(operation: ClientOperation, { index, term, result }: Extract<ProposeAnswer, { kind: 'applied' }>): void {
    const { history, exactlyOnce, timeline, marks } = this.#room
    // One byte says that the machine took it, then comes what it gave.
    const previous = new DataView(result.buffer, result.byteOffset, result.byteLength).getUint32(1)
    exactlyOnce.answered(this.#port.id, { operation: operation.number, index, term, previous })
    if (operation.outcome === 'pending') history.written(operation, index, term, previous, timeline.events)
    else marks.sometimes('retry told the first answer')
  }

  #done(errand: Errand): void {
    errand.isDone = true
    if (this.#errand === errand) this.#errand = undefined
  }

  /** No later command has told the session that this answer may be forgotten. */
  #isStillRemembered({ envelope }: Errand): boolean {
    return envelope.kind === 'command' && envelope.session === this.#session && envelope.sequence === this.#sequence
  }
}
