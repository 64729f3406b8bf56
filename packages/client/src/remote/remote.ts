/**
 * A client's place in a room that it is no member of: links to some of its nodes, one of which is asked. That is the leader where there is a
 * link to it, for everybody else has to ask that one in turn; and another as soon as this one is gone, silent, cut off from a leader,
 * or refuses. What is under way goes on there, in the session of whoever is attached.
 */
import {
  type Cancel,
  type Clock,
  type NewIdentity,
  systemClock,
  type Transport,
  TransportError,
} from '@flotilla/cluster'
import { Emitter } from '@flotilla/cluster/clients'
import type { NodeId } from '@flotilla/core'
import type { WhyRefused } from '../message.ts'
import type { Port } from '../port.ts'
import { NodeWay } from './node-way.ts'

/** A `Client`, a `Watcher`, a `StateReader`: in place of any port before, it goes on by this one. */
export interface Attachable {
  attach(port: Port): void
}

export interface RemoteOptions {
  /** Into the room, not yet open; this closes it. */
  readonly transport: Transport
  /** A client's own (`newClientIdentity`), which no node can have. */
  readonly identity: NewIdentity
  readonly clock?: Clock
  /** Gives up opening. */
  readonly signal?: AbortSignal
}

export interface RemoteEvents {
  /** Which node is asked from now on. */
  node: NodeId | undefined
}

/** Why no node is asked, as far as that is known. */
export type RemoteTrouble =
  /** No node of the room is linked that serves clients. */
  | 'Nobody'
  /** The room has another key by now. */
  | 'KeyReplaced'
  /** The room asks before it lets somebody in. */
  | 'Closed'
  /** All that are there carry the room without understanding it. */
  | 'OnlyCarriers'

const LOOK_EVERY_MS = 500
const ASK_EVERY_MS = 1_000
/** It has missed a few questions whether it is there. */
const SILENT_AFTER_MS = 5_000
/** A node that knows of no leader for so long may be cut off from the others. */
const LEADERLESS_AFTER_MS = 3_000
const AVOID_MS = 10_000
/** Where there is no other it is asked again after so long. */
const ASK_AVOIDED_AFTER_MS = 2_000
/** One that is asked, and one to go to. */
const WANTED_LINKS = 2

/** Resolves when the room's door is open; whoever is attached is served as soon as a node is linked. Rejects as the transport does. */
export async function openRemote(attachable: Attachable, options: RemoteOptions): Promise<Remote> {
  const remote = new Remote(attachable, options)
  await remote.open(options)
  return remote
}

export class Remote {
  private readonly attachable: Attachable
  private readonly transport: Transport
  private readonly clock: Clock
  private readonly events = new Emitter<RemoteEvents>()
  private readonly ways = new Map<NodeId, NodeWay>()
  private asked: NodeWay | undefined = undefined
  /** Since when the one that is asked knows of no leader. */
  private leaderlessSince = 0
  private isKeyReplaced = false
  private isClosed = false
  private cancel: Cancel = () => {}
  private lookAt = 0
  private nonce = 0
  private wanted = ''
  private askAt = 0

  constructor(attachable: Attachable, { transport, clock = systemClock() }: RemoteOptions) {
    this.attachable = attachable
    this.transport = transport
    this.clock = clock
  }

  async open({ identity, signal }: RemoteOptions): Promise<void> {
    const handler = {
      onFrame: (from: NodeId, frame: Uint8Array) => this.ways.get(from)?.receive(frame),
      onPeer: (peer: NodeId, up: boolean) => this.linked(peer, up),
      onKeyReplaced: () => {
        this.isKeyReplaced = true
      },
    }
    try {
      await this.transport.open(identity.nodeId, handler, { keys: identity.keys, signal })
    } catch (error) {
      await this.close()
      throw error
    }
    if (this.isClosed) throw new TransportError('Closed', 'closed while opening')
    this.lookAt = this.clock.now()
    this.look()
  }

  /** The node that is asked. */
  get node(): NodeId | undefined {
    return this.asked?.node
  }

  /** `undefined` while a node is asked, and answers. */
  get trouble(): RemoteTrouble | undefined {
    const refusals = new Set<WhyRefused>()
    for (const { refusal } of this.ways.values()) if (refusal !== undefined) refusals.add(refusal)
    if (this.asked !== undefined && this.asked.refusal === undefined) return undefined
    if (refusals.has('closed')) return 'Closed'
    if (refusals.has('carrier')) return 'OnlyCarriers'
    return this.isKeyReplaced ? 'KeyReplaced' : 'Nobody'
  }

  on<Name extends keyof RemoteEvents>(name: Name, listener: (event: RemoteEvents[Name]) => void): () => void {
    return this.events.on(name, listener)
  }

  /** Whoever is attached hears nothing more. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.cancel()
    this.asked?.leave()
    this.asked = undefined
    await this.transport.close()
  }

  private linked(node: NodeId, up: boolean): void {
    if (this.isClosed || up === this.ways.has(node)) return
    if (up) {
      const way: NodeWay = new NodeWay(node, {
        clock: this.clock,
        send: frame => this.transport.send(node, frame, 'normal'),
        news: () => this.news(way),
        ended: () => this.lose(way),
      })
      this.ways.set(node, way)
      return
    }
    const way = this.ways.get(node)
    this.ways.delete(node)
    if (way !== undefined && way === this.asked) this.lose(way)
    else this.tellWanted()
  }

  private news(way: NodeWay): void {
    if (way === this.asked) {
      if (way.refusal !== undefined) way.avoidUntil = this.clock.now() + AVOID_MS
      if (way.status?.leader !== undefined) this.leaderlessSince = this.clock.now()
    }
    this.choose()
  }

  /** It is gone, or of no use for now. */
  private lose(way: NodeWay): void {
    way.avoidUntil = this.clock.now() + AVOID_MS
    if (way !== this.asked) return
    this.leave()
    this.choose()
  }

  private leave(): void {
    const { asked } = this
    this.asked = undefined
    asked?.leave()
  }

  private choose(): void {
    if (this.isClosed) return
    const best = this.best()
    if (best !== undefined && best !== this.asked) {
      this.leave()
      this.asked = best
      this.leaderlessSince = this.clock.now()
      this.attachable.attach(best.begin())
      this.events.emit('node', best.node)
    }
    this.tellWanted()
  }

  /** The leader if it can be asked, whoever is asked now, or any other; where there is none, one that was of no use a while ago. */
  private best(): NodeWay | undefined {
    const open = [...this.ways.values()].filter(({ isOpen }) => isOpen)
    const now = this.clock.now()
    const fit = open.filter(({ avoidUntil, refusal }) => avoidUntil <= now && refusal === undefined)
    const leader = this.asked?.status?.leader
    const { asked } = this
    const isAskedFit = asked !== undefined && fit.includes(asked)
    const rested = open.filter(({ avoidUntil }) => avoidUntil <= now + AVOID_MS - ASK_AVOIDED_AFTER_MS)
    return fit.find(({ node }) => node === leader) ?? (isAskedFit ? asked : fit[0]) ?? asked ?? rested[0]
  }

  private hasOtherThan(asked: NodeWay | undefined): boolean {
    const now = this.clock.now()
    return [...this.ways.values()].some(
      way => way !== asked && way.isOpen && way.refusal === undefined && way.avoidUntil <= now,
    )
  }

  private tellWanted(): void {
    const { asked } = this
    if (asked === undefined) return this.want([])
    const wanted = new Set([asked.node])
    const leader = asked.status?.leader
    if (leader !== undefined) wanted.add(leader)
    for (const { node, isOpen, refusal } of this.ways.values()) {
      if (wanted.size < WANTED_LINKS && isOpen && refusal === undefined) wanted.add(node)
    }
    const isEnough = wanted.size >= WANTED_LINKS && [...wanted].every(node => this.ways.get(node)?.isOpen === true)
    this.want(isEnough ? [...wanted] : [])
  }

  /** Links to these; to all if there are none. */
  private want(members: readonly NodeId[]): void {
    const wanted = members.join(' ')
    if (wanted === this.wanted || this.isClosed) return
    this.wanted = wanted
    this.transport.knowMembers?.({ members, voters: [] })
  }

  private look(): void {
    const now = this.clock.now()
    const { asked } = this
    // A look that comes late comes from a page that stood still, and has had no chance to hear.
    if (asked !== undefined && now - this.lookAt > LOOK_EVERY_MS) asked.heardAt = now
    if (asked !== undefined && now >= this.askAt) {
      asked.ask(++this.nonce)
      this.askAt = now + ASK_EVERY_MS
    }
    if (asked !== undefined && asked.status?.leader !== undefined) this.leaderlessSince = now
    const isSilent = asked !== undefined && now - asked.heardAt > SILENT_AFTER_MS
    const isCutOff = now - this.leaderlessSince > LEADERLESS_AFTER_MS && this.hasOtherThan(asked)
    const mayAskAgain = asked?.refusal !== undefined && asked.avoidUntil <= now
    if (asked !== undefined && mayAskAgain) asked.refusal = undefined
    if (asked !== undefined && (isSilent || isCutOff)) this.lose(asked)
    else if (mayAskAgain) this.leave()
    if (this.asked === undefined) this.choose()
    this.lookAt = now + LOOK_EVERY_MS
    this.cancel = this.clock.setTimer(this.lookAt, () => this.look())
  }
}
