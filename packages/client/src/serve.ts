/**
 * The node's end of a port: one client at a time, served as it asks. What a client may make this node keep is bounded: so many
 * requests, one snapshot, one question each for what comes next.
 */
import { type Clock, type Cluster, ClusterError, type ProposeAnswer, systemClock } from '@flotilla/cluster'
import { Alarm, report, SESSION_WINDOW } from '@flotilla/cluster/clients'
import { decodeClientMessage, encodeNodeMessage, MAX_CHUNK_BYTES, MAX_ENTRIES_BYTES } from './codec.ts'
import type { FollowedMachine } from './followed-machine.ts'
import { Hearing } from './hearing.ts'
import type { ClientMessage, Control, NodeMessage, NodeStatus, WhyRefused } from './message.ts'
import type { Port } from './port.ts'
import { isSameStatus } from './same-status.ts'
import { Show } from './watch/show.ts'
import { isBetweenNodes } from './watch/telling.ts'

/** What is used of a node. */
export type ServedNode = Pick<
  Cluster<never, never>,
  'forward' | 'read' | 'on' | 'resign' | 'transferLeadership' | 'setVisible' | 'forceNewCluster' | 'observe' | 'watch'
> & { status(): NodeStatus }

/** What is used of its machine. */
export type Followed = Pick<FollowedMachine<never, never>, 'since' | 'last' | 'snapshot'>

/** Commands of a client that are under way here: its window, and what opens its session. */
const MAX_FORWARDED = SESSION_WINDOW + 1
const MAX_READS = 1024
const MAX_CONTROLS = 16
/** After so many messages that are none, nothing more is read from the port. */
const MAX_BAD_MESSAGES = 100
/** A read that takes longer is asked for again by its client, if it still wants it. */
const READ_TIMEOUT_MS = 10_000
/**
 * What a client is not waiting for it is told as often as a screen shows anything: each message is a task in the page and one in the node's
 * thread, and a page that is told of every commit by itself takes from the next one what it needs.
 */
const TELL_EVERY_MS = 16

/** What differs from client to client. */
export interface ServingTerms {
  /** In a page that may be hidden, one whose timers are on time all the same. Default: the system's. */
  readonly clock?: Clock
  /** Why nothing is answered now, if it is not. */
  readonly refusal?: () => WhyRefused | undefined
  /** Whether a client may ask this of the node. Default: anything. */
  readonly mayControl?: (control: Control) => boolean
}

/**
 * Serves the client at the other end, until the way to stop that this gives is gone. `machine`: the node's own; `undefined` where it carries
 * the room without understanding it.
 */
export function serve(
  node: ServedNode,
  machine: Followed | undefined,
  port: Port,
  terms: ServingTerms = {},
): () => void {
  const service = new Service(node, machine, port, terms)
  return () => service.stop()
}

type Follow = Extract<ClientMessage, { kind: 'follow' }>

class Service {
  private readonly node: ServedNode
  private readonly machine: Followed | undefined
  private readonly port: Port
  private readonly terms: ServingTerms
  /** By request: how to stop trying. */
  private readonly forwarded = new Map<number, () => void>()
  private readonly offs: readonly (() => void)[]
  private readonly hearing = new Hearing()
  private wantsToHear = false
  private readonly show: Show
  private wantsToSee = false
  private reads = 0
  private controls = 0
  private badMessages = 0
  /** Asked, and not yet answered, for want of news. */
  private follow: Follow | undefined = undefined
  private wantsStatus = false
  private toldStatus: NodeStatus | undefined = undefined
  private readonly clock: Clock
  private readonly alarm: Alarm
  private nextEntriesAt = 0
  private nextStatusAt = 0
  private isHurrying = false
  /** By request: what is to be told of its reach, unless its answer comes first. */
  private readonly reached = new Map<number, boolean>()
  /** The snapshot that the client is fetching. */
  private snapshot: { readonly index: number; readonly bytes: Uint8Array } | undefined = undefined
  private stopped = false

  constructor(node: ServedNode, machine: Followed | undefined, port: Port, terms: ServingTerms) {
    const { clock = systemClock() } = terms
    this.node = node
    this.clock = clock
    this.alarm = new Alarm(clock, () => this.ring())
    this.machine = machine
    this.port = port
    this.terms = terms
    this.show = new Show(node, () => this.tellSeen())
    this.offs = [
      node.on('status', () => this.tellNews()),
      node.on('observe', ({ from, payload }) => {
        if (isBetweenNodes(payload)) {
          if (this.show.heard(from, payload)) this.tellSeen()
          return
        }
        this.hearing.heard(from, payload)
        this.tellSaid()
      }),
      node.on('peer', ({ peer, up }) => {
        if (up) return this.show.linked(peer)
        this.hearing.lost(peer)
        this.tellSaid()
      }),
    ]
    port.open(message => this.receive(message))
  }

  stop(): void {
    if (this.stopped) return
    this.stopped = true
    this.alarm.stop()
    for (const off of this.offs) off()
    for (const cancel of [...this.forwarded.values()]) cancel()
    this.forwarded.clear()
    this.snapshot = undefined
    this.show.stop()
    this.port.close()
  }

  private receive(bytes: Uint8Array): void {
    if (this.stopped || this.badMessages >= MAX_BAD_MESSAGES) return
    const decoded = decodeClientMessage(bytes)
    if (!decoded.ok) {
      this.badMessages++
      return
    }
    const message = decoded.value
    const why = this.refusalOf(message)
    if (why !== undefined) return this.send({ kind: 'refused', why })
    switch (message.kind) {
      case 'propose':
        return this.forward(message.request, message.data)
      case 'read':
        return this.read(message.id)
      case 'follow':
        this.follow = message
        return this.tellNews()
      case 'state':
        return this.tellWholeState(message)
      case 'status':
        this.wantsStatus = true
        return this.tellNews()
      case 'control':
        return this.control(message.id, message.control)
      case 'say':
        // What nodes say to each other no client says.
        if (isBetweenNodes(message.payload)) this.badMessages++
        else this.node.observe(message.payload)
        return
      case 'hear':
        this.wantsToHear = true
        return this.tellSaid()
      case 'watch':
        return this.show.watched(message.isNew)
      case 'see':
        this.wantsToSee = true
        return this.tellSeen()
      case 'ping':
        return this.send({ kind: 'pong', nonce: message.nonce })
      default:
        return message satisfies never
    }
  }

  private refusalOf({ kind }: ClientMessage): WhyRefused | undefined {
    const isAboutCommands = kind === 'propose' || kind === 'read' || kind === 'follow' || kind === 'state'
    return this.terms.refusal?.() ?? (this.machine === undefined && isAboutCommands ? 'carrier' : undefined)
  }

  // ---- Commands -----------------------------------------------------------------------------------------------------

  /** One that is asked for again while it is under way has its answer when the first has. */
  private forward(request: number, data: Uint8Array): void {
    if (this.forwarded.has(request)) return
    const answer = (told: ProposeAnswer): void => {
      this.forwarded.delete(request)
      this.reached.delete(request)
      this.send({ kind: 'answer', request, answer: told })
      this.hurry()
    }
    if (this.forwarded.size >= MAX_FORWARDED) return answer({ kind: 'overloaded' })
    try {
      const reached = (isElsewhere: boolean): void => {
        this.reached.set(request, isElsewhere)
        this.alarm.noLaterThan(this.clock.now() + TELL_EVERY_MS)
      }
      this.forwarded.set(request, this.node.forward(data, answer, reached))
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      // What is no client's entry never will be; a node that does not run may run again.
      if (error.kind === 'InvalidOptions') this.badMessages++
      else answer({ kind: 'notLeader', leader: undefined })
    }
  }

  // ---- Reads --------------------------------------------------------------------------------------------------------

  /** Whatever this node has applied when a majority has confirmed the read is fresh enough. */
  private read(id: number): void {
    const end = (index: number): void => {
      this.reads--
      this.send({ kind: 'readable', id, index })
      this.hurry()
    }
    this.reads++
    if (this.reads > MAX_READS) return end(0)
    this.node.read(() => this.node.status().lastApplied, { timeoutMs: READ_TIMEOUT_MS }).then(end, () => end(0))
  }

  // ---- State and status ---------------------------------------------------------------------------------------------

  private tellNews(): void {
    if (this.stopped || this.terms.refusal?.() !== undefined) return
    if (this.follow !== undefined && this.isDue(this.nextEntriesAt)) this.tellState(this.follow)
    if (this.wantsStatus && this.isDue(this.nextStatusAt)) this.tellStatus()
  }

  /** If not, it is looked at again when it is. */
  private isDue(at: number): boolean {
    const now = this.clock.now()
    // A clock that was put back owes nobody the time until then.
    if (now >= at || at > now + TELL_EVERY_MS) return true
    this.alarm.noLaterThan(at)
    return false
  }

  /** The client has the end of something, and its copy of the state shall show it: in this turn, so that both arrive together. */
  private hurry(): void {
    this.nextEntriesAt = 0
    if (this.isHurrying) return
    this.isHurrying = true
    queueMicrotask(() => {
      this.isHurrying = false
      this.tellNews()
    })
  }

  private ring(): void {
    if (this.terms.refusal?.() === undefined)
      for (const [request, isElsewhere] of this.reached) this.send({ kind: 'reach', request, isElsewhere })
    this.reached.clear()
    this.tellNews()
  }

  private tellState({ upTo, snapshot, offset }: Follow): void {
    const { lastApplied } = this.node.status()
    const rest = this.snapshot
    if (rest !== undefined && rest.index === snapshot && offset <= rest.bytes.byteLength) return this.sendChunk(offset)
    // A node that starts again begins with less, and comes to where its client is.
    if (upTo >= lastApplied) return
    const { machine } = this
    if (machine === undefined) return
    const entries = machine.since(upTo, MAX_ENTRIES_BYTES)
    if (entries === undefined) return this.beginSnapshot(lastApplied)
    this.follow = undefined
    this.snapshot = undefined
    const last = entries.at(-1)?.index
    // What follows the last command of all, down to what was applied, is none.
    const isAll = last === undefined || last === machine.last
    this.send({ kind: 'entries', upTo: isAll ? lastApplied : last, entries })
    // Of what does not fit into one message the rest comes as soon as it is asked for.
    this.nextEntriesAt = isAll ? this.clock.now() + TELL_EVERY_MS : 0
  }

  private tellWholeState({ snapshot, offset }: Extract<ClientMessage, { kind: 'state' }>): void {
    const rest = this.snapshot
    if (rest !== undefined && rest.index === snapshot && offset <= rest.bytes.byteLength) return this.sendChunk(offset)
    this.beginSnapshot(this.node.status().lastApplied)
  }

  private beginSnapshot(index: number): void {
    const { machine } = this
    if (machine === undefined) return
    try {
      this.snapshot = { index, bytes: machine.snapshot() }
    } catch (error) {
      // It may be able to later; the client waits, and is told at the next news.
      return report(error)
    }
    this.sendChunk(0)
  }

  private sendChunk(offset: number): void {
    const { snapshot } = this
    if (snapshot === undefined) return
    const { index, bytes } = snapshot
    const data = bytes.subarray(offset, offset + MAX_CHUNK_BYTES)
    this.follow = undefined
    this.send({ kind: 'chunk', snapshot: index, totalBytes: bytes.byteLength, offset, data })
    if (offset + data.byteLength === bytes.byteLength) this.snapshot = undefined
  }

  private tellStatus(): void {
    const { id, clusterId, state, failure, role, term, leader, ...rest } = this.node.status()
    const { commitIndex, lastApplied, members, waitingFor } = rest
    const standing = { commitIndex, lastApplied, members, waitingFor }
    const status: NodeStatus = { id, clusterId, state, failure, role, term, leader, ...standing }
    if (this.toldStatus !== undefined && isSameStatus(status, this.toldStatus)) return
    this.toldStatus = status
    this.wantsStatus = false
    this.send({ kind: 'status', status })
    this.nextStatusAt = this.clock.now() + TELL_EVERY_MS
  }

  // ---- What is in no log --------------------------------------------------------------------------------------------

  private tellSaid(): void {
    const mayTell = this.wantsToHear && this.terms.refusal?.() === undefined
    const heard = mayTell ? this.hearing.take() : undefined
    if (heard === undefined) return
    this.wantsToHear = false
    this.send(heard)
  }

  private tellSeen(): void {
    if (!this.wantsToSee || this.stopped || this.terms.refusal?.() !== undefined) return
    const seen = this.show.take()
    if (seen.length === 0) return
    this.wantsToSee = false
    this.send({ kind: 'seen', seen })
  }

  // ---- Control ------------------------------------------------------------------------------------------------------

  private control(id: number, control: Control): void {
    const end = (error: unknown): void => {
      this.controls--
      this.send({ kind: 'controlled', id, refusal: refusalOf(error) })
    }
    this.controls++
    if (this.terms.mayControl?.(control) === false)
      return end(new ClusterError('InvalidOptions', `“${control.kind}” is for those whose node it is`))
    if (this.controls > MAX_CONTROLS) return end(new ClusterError('Timeout', 'too much is asked for at once'))
    this.perform(control).then(() => end(undefined), end)
  }

  private async perform(control: Control): Promise<void> {
    switch (control.kind) {
      case 'resign':
        return this.node.resign()
      case 'transferLeadership':
        return this.node.transferLeadership(control.to)
      case 'setVisible':
        return this.node.setVisible(control.visible)
      case 'forceNewCluster':
        return this.node.forceNewCluster(control)
      default:
        return control satisfies never
    }
  }

  private send(message: NodeMessage): void {
    if (!this.stopped) this.port.send(encodeNodeMessage(message))
  }
}

function refusalOf(error: unknown): { readonly kind: ClusterError['kind']; readonly message: string } | undefined {
  if (error === undefined) return undefined
  if (error instanceof ClusterError) return { kind: error.kind, message: error.message }
  return { kind: 'Timeout', message: 'the node failed' }
}
