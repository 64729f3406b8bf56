/** Notices rare situations in what nodes say and tell of themselves; those that are somebody's doing are marked where they are done. */
import { decodeEnvelope, type Envelope, type FrameBody, type ProposalFate } from '@flotilla/cluster'
import { type Configuration, type Entry, isMember, isVoter, type NodeId, type TraceEvent } from '@flotilla/core'
import type { Marks } from '../world/marks.ts'
import type { SessionEnds } from './checks/session-ends.ts'
import type { RuntimeMarkName } from './marks.ts'

/** Where a command was last sent, and how often that node had died by then. */
interface Sent {
  readonly to: NodeId
  readonly deaths: number
}

/** Whatever is so far behind was on its way while its client went on. */
const manyCommands = 5

/** So many entries have been committed since a snapshot was taken that its receiver may need the next one. */
const old = 20

export class RareThings {
  readonly #marks: Marks<RuntimeMarkName>
  readonly #deaths = new Map<NodeId, number>()
  /** By who sent it, session and sequence. */
  readonly #sent = new Map<string, Sent>()
  readonly #sessionEnds: SessionEnds
  /** By session, the greatest sequence of its commands in the committed log. */
  readonly #furthest = new Map<number, number>()
  #lastCommitted = 0
  /** Session and sequence of every command in the committed log. */
  readonly #commands = new Set<string>()
  /** The latest that is committed. */
  #configuration: Configuration | undefined = undefined
  readonly #everRemoved = new Set<NodeId>()
  /** Who was last told to campaign at once. */
  #heir: NodeId | undefined = undefined
  /** Those who have applied anything, snapshots included. */
  readonly #hasState = new Set<NodeId>()

  constructor(marks: Marks<RuntimeMarkName>, sessionEnds: SessionEnds) {
    this.#marks = marks
    this.#sessionEnds = sessionEnds
  }

  /** Its page was killed, or it crashed in its page. */
  died(node: NodeId): void {
    this.#deaths.set(node, (this.#deaths.get(node) ?? 0) + 1)
  }

  said(from: NodeId, to: NodeId, body: FrameBody): void {
    if (body.kind === 'proposeAnswer') {
      if (body.answer.kind === 'overloaded') this.#marks.sometimes('leader had no room for a command')
      if (body.answer.kind === 'superseded') this.#marks.sometimes('forwarder told that its command was superseded')
    }
    if (from.startsWith('client-')) return
    if (body.kind === 'propose') this.#forwarded(from, to, body.data)
    if (body.kind === 'proposeAll') for (const { data } of body.proposals) this.#forwarded(from, to, data)
  }

  #forwarded(from: NodeId, to: NodeId, data: Uint8Array): void {
    const decoded = decodeEnvelope(data)
    if (!decoded.ok || decoded.value.kind !== 'command') return
    this.#marks.sometimes('command forwarded by a follower')
    const key = `${from} ${decoded.value.session} ${decoded.value.sequence}`
    const before = this.#sent.get(key)
    if (before !== undefined && this.#deathsOf(before.to) > before.deaths) {
      this.#marks.sometimes('command sent again after its leader had crashed')
    }
    this.#sent.set(key, { to, deaths: this.#deathsOf(to) })
  }

  fate(fate: ProposalFate, before: ProposalFate | undefined): void {
    // Superseded: every copy must have been, and no leader known of from then on until it is given up. None of 500 seeds,
    // nor of 200 made for it, came across that moment; a unit test of the node makes it.
    if (fate.kind === 'abandoned' && fate.reason !== 'Superseded') this.#marks.sometimes(`abandoned: ${fate.reason}`)
    if (fate.kind === 'appended' && before?.kind === 'appended') this.#marks.sometimes('command appended anew')
  }

  traced(event: TraceEvent): void {
    const { node } = event
    switch (event.type) {
      case 'role':
        if (event.role !== 'leader') return
        if (this.#heir === node) this.#marks.sometimes('leadership handed over')
        this.#heir = undefined
        return
      case 'transfer':
        if (event.stage === 'sentTimeoutNow') this.#heir = event.to
        return
      case 'configuration':
        if (event.stage === 'rolledBack') this.#marks.sometimes('configuration rolled back')
        return
      case 'snapshot':
        if (event.action !== 'installed') return
        if (this.#lastCommitted - event.index >= old) this.#marks.sometimes('snapshot that was old when it arrived')
        this.#marks.sometimes(
          this.#hasState.has(node) ? 'snapshot installed over a log' : 'snapshot installed at a joiner',
        )
        this.#hasState.add(node)
        return
      case 'applied':
        this.#hasState.add(node)
        return
      case 'resumed':
        return this.#marks.sometimes('woke up late and started over')
      case 'crashed':
        this.died(node)
        if (event.reason.startsWith('storage:')) this.#marks.sometimes('storage failed under a node')
        if (event.reason === 'storage: QuotaExceeded') this.#marks.sometimes('disk full under a node')
        return
      default:
        return
    }
  }

  /** An entry that nobody had applied before. */
  committed(entry: Entry): void {
    this.#lastCommitted = entry.index
    const ended = this.#sessionEnds.committed(entry)
    if (entry.kind === 'configuration') return this.#reshaped(entry.data)
    const decoded = entry.kind === 'command' ? decodeEnvelope(entry.data) : undefined
    if (decoded?.ok === true) this.#taken(decoded.value, ended)
  }

  #taken(envelope: Envelope, ended: readonly number[]): void {
    switch (envelope.kind) {
      case 'open':
        if (ended.length > 0) this.#marks.sometimes('session ended to make room')
        return
      case 'amend':
        return
      case 'expire':
        if (ended.length > 0) this.#marks.sometimes('idle session ended')
        return
      case 'command': {
        const { session, sequence } = envelope
        if (!this.#sessionEnds.isOpen(session)) this.#marks.sometimes('command of an ended session')
        const furthest = this.#furthest.get(session) ?? 0
        if (sequence <= furthest - manyCommands) this.#marks.sometimes('command that came very late')
        this.#furthest.set(session, Math.max(furthest, sequence))
        const key = `${session} ${sequence}`
        if (this.#commands.has(key)) this.#marks.sometimes('command twice in the log')
        this.#commands.add(key)
        return
      }
      default:
        return envelope satisfies never
    }
  }

  #reshaped(configuration: Configuration): void {
    const before = this.#configuration
    this.#configuration = configuration
    if (before === undefined) return
    for (const { id } of configuration.members) {
      if (isMember(before, id)) continue
      this.#marks.sometimes('joiner let in')
      if (this.#everRemoved.has(id)) this.#marks.sometimes('removed member let in again')
    }
    const promoted = configuration.voters.filter(id => !isVoter(before, id))
    const demoted = before.voters.filter(id => isMember(configuration, id) && !configuration.voters.includes(id))
    if (promoted.length > 0) this.#marks.sometimes('joiner promoted')
    if (demoted.length > 0) this.#marks.sometimes('voter demoted')
    if (promoted.length > 0 && demoted.length > 0) this.#marks.sometimes('voter replaced in one change')
    for (const { id } of before.members) {
      if (isMember(configuration, id)) continue
      this.#everRemoved.add(id)
      this.#marks.sometimes(isVoter(before, id) ? 'voter removed' : 'learner removed')
    }
  }

  #deathsOf(node: NodeId): number {
    return this.#deaths.get(node) ?? 0
  }
}
