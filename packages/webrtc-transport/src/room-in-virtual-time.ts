/**
 * For tests of the mesh: a room whose clock, signalling and connections are all in virtual time, so that an hour of
 * reconnecting passes in a millisecond, and every run of a test is the same. Connections here carry messages, but no
 * WebRTC: that is what the browser tests are for.
 */
import type { Clock } from '@flotilla/cluster'
import type { Connect, Connection, ConnectionHandler } from './connection.ts'
import { countCrypto, cryptoDone } from './counted-crypto.ts'
import { Mesh } from './mesh.ts'
import type { Surroundings } from './neighbor.ts'
import type { SignalBus } from './signal-bus.ts'

const SIGNAL_LATENCY_MS = 1
const CHANNEL_LATENCY_MS = 1
/** Virtual time that passes while something is computed outside of it: far less than anybody waits for. */
const COMPUTING_STEP_MS = 50

export interface Tab {
  readonly id: string
  readonly mesh: Mesh
  /** `+b` for a link to b that came up, `-b` for one that went down. */
  readonly links: string[]
  /** Who said that they go. */
  readonly byes: string[]
  /** `b:text` for a frame. */
  readonly frames: string[]
  /** Gone without a word: nothing is sent or received any more, and its peers' connections do not notice. */
  crash(): void
  isGone(): boolean
  /** Every signal it has sent. */
  readonly sent: string[]
}

/** What a test wants to be different in a tab. */
export interface TabOptions extends Pick<Surroundings, 'credentials' | 'relayTo' | 'signs'> {
  readonly signaling?: Pick<SignalBus, 'send' | 'prepare'>
  readonly onPeer?: (peer: string, up: boolean, relayed: boolean) => void
  readonly onCarried?: (message: Uint8Array<ArrayBuffer>) => void
  readonly onCannotCarry?: (name: string) => void
}

interface TabState {
  readonly id: string
  alive: boolean
}

interface End {
  readonly handler: ConnectionHandler
  readonly tab: TabState
  other: End | undefined
  open: boolean
  over: boolean
}

countCrypto()

export class VirtualRoom {
  now = 0
  /** Signals for which this is true are lost. */
  loses: (from: string, to: string, text: string) => boolean = () => false
  /** Whether signals also go through those who are linked. */
  passesOn = false
  /** What becomes of a signal on its way. */
  alters: ((text: string) => Promise<string>) | undefined
  /** No direct connection comes about any more; those that are there stay. */
  blocked = false
  /** The same between these two. */
  cuts: (one: string, other: string) => boolean = () => false
  connectionsMade = 0
  readonly #timers: { readonly at: number; readonly order: number; readonly fire: () => void }[] = []
  #order = 0
  #seed = 1
  readonly #present: { readonly id: string; readonly state: TabState; readonly mesh: Mesh }[] = []
  /** Every end of a connection ever made, by its description. */
  readonly #ends = new Map<string, End>()

  readonly clock: Clock = {
    now: () => this.now,
    setTimer: (at, fire) => this.#schedule(Math.max(at, this.now), fire),
  }

  readonly random = (): number => {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0
    return this.#seed / 2 ** 32
  }

  /** A tab that has entered the room, and announces itself unless told to wait. */
  open(id: string, announce = true, own: TabOptions = {}): Tab {
    const state: TabState = { id, alive: true }
    const links: string[] = []
    const byes: string[] = []
    const frames: string[] = []
    const sent: string[] = []
    const send = (text: string, to?: string): void => {
      if (!state.alive) return
      sent.push(text)
      if (this.passesOn) mesh.passOn(text, to)
      this.post(id, text, to)
    }
    const mesh = new Mesh(
      id,
      own.signaling ?? { send, prepare: text => () => send(text) },
      {
        clock: { now: this.clock.now, setTimer: (at, fire) => this.clock.setTimer(at, () => state.alive && fire()) },
        random: this.random,
        connect: this.#connectFor(state),
        newName: () => (this.#order++).toString(16).padStart(32, 'e'),
        credentials: own.credentials,
        relayTo: own.relayTo,
        signs: own.signs,
      },
      {
        onPeer: (peer, up, relayed) => {
          links.push(`${up ? '+' : '-'}${peer}`)
          own.onPeer?.(peer, up, relayed)
        },
        onCarried: message => {
          if (state.alive) own.onCarried?.(message)
        },
        onCannotCarry: name => own.onCannotCarry?.(name),
        onBye: peer => byes.push(peer),
        onFrame: (from, frame) => frames.push(`${from}:${new TextDecoder().decode(frame)}`),
        onPassedOn: text => mesh.receive(text),
      },
    )
    this.#present.push({ id, state, mesh })
    if (announce) mesh.announce()
    const crash = (): void => {
      state.alive = false
    }
    return { id, mesh, links, byes, frames, sent, crash, isGone: () => !state.alive }
  }

  /** Lets time pass, and what is computed outside of it, until this is so. Throws after `withinMs` of virtual time. */
  async until(isSo: () => boolean, withinMs = 60_000): Promise<void> {
    for (const end = this.now + withinMs; !isSo(); ) {
      if (this.now >= end) throw new Error(`not within ${withinMs} ms`)
      this.run(COMPUTING_STEP_MS)
      await cryptoDone()
    }
  }

  /** Connections of somebody who is no tab. */
  strangersConnect(id: string): Connect {
    return this.#connectFor({ id, alive: true })
  }

  /** Says this text in the room, as anybody can. */
  post(from: string, text: string, to?: string): void {
    if (this.alters === undefined) this.#deliver(from, text, to)
    else void this.alters(text).then(altered => this.#deliver(from, altered, to))
  }

  #deliver(from: string, text: string, to?: string): void {
    const sender = this.#present.findLast(({ id }) => id === from)
    for (const tab of [...this.#present]) {
      if (tab === sender || (to !== undefined && tab.id !== to) || this.loses(from, tab.id, text)) continue
      this.#schedule(this.now + SIGNAL_LATENCY_MS, () => {
        if (tab.state.alive) tab.mesh.receive(text)
      })
    }
  }

  /** The network between these two fails, and both notice. */
  breakLink(a: string, b: string): void {
    for (const end of this.#openEnds(a, b)) shut(end)
  }

  /** `to` receives `count` messages over its link from `from` that mean nothing. */
  garble(from: string, to: string, count: number): void {
    for (const end of this.#openEnds(to, from)) {
      if (end.tab.id !== to) continue
      for (let i = 0; i < count && !end.over; i += 1)
        end.handler.onMessage(i % 2 === 0 ? Uint8Array.of(0xff, i) : undefined)
    }
  }

  /** The page of `from` closes, and says so beside its channels; its node says nothing. */
  closePage(from: string): void {
    for (const { over, tab, other } of this.#ends.values())
      if (!over && tab.id === from && other?.tab.alive && !other.over) other.handler.onBye?.()
  }

  /** Ends that were made and not yet closed. */
  get connectionsHeld(): number {
    return [...this.#ends.values()].filter(({ over }) => !over).length
  }

  run(forMs: number): void {
    const end = this.now + forMs
    for (;;) {
      this.#timers.sort((a, b) => a.at - b.at || a.order - b.order)
      const next = this.#timers[0]
      if (next === undefined || next.at > end) break
      this.#timers.shift()
      this.now = next.at
      next.fire()
    }
    this.now = end
  }

  #openEnds(a: string, b: string): readonly End[] {
    const between = new Set([a, b])
    return [...this.#ends.values()].filter(
      ({ open, over, tab, other }) =>
        open && !over && between.has(tab.id) && other !== undefined && between.has(other.tab.id),
    )
  }

  #schedule(at: number, fire: () => void): () => void {
    const timer = { at, order: this.#order++, fire }
    this.#timers.push(timer)
    return () => {
      const place = this.#timers.indexOf(timer)
      if (place >= 0) this.#timers.splice(place, 1)
    }
  }

  #connectFor(tab: TabState): Connect {
    const ends = this.#ends
    return (initiator, handler) => {
      this.connectionsMade += 1
      const name = `sdp-${this.#order++}`
      const end: End = { handler, tab, other: undefined, open: false, over: false }
      this.#ends.set(name, end)
      const later = (fire: () => void): void =>
        void this.#schedule(this.now + CHANNEL_LATENCY_MS, () => tab.alive && !end.over && fire())
      if (initiator) later(() => handler.onNegotiation({ type: 'offer', sdp: name }))
      return {
        negotiate: negotiation => {
          if (!('sdp' in negotiation)) return
          const other = this.#ends.get(negotiation.sdp)
          if (other === undefined) return later(() => shut(end))
          end.other = other
          other.other = end
          if (negotiation.type === 'offer') later(() => handler.onNegotiation({ type: 'answer', sdp: name }))
          else
            later(() => {
              if (this.blocked || this.cuts(tab.id, other.tab.id)) return
              opened(end)
              if (other.tab.alive && !other.over) opened(other)
            })
        },
        send: message => {
          const { other } = end
          if (end.over || other === undefined) throw new Error('not open')
          const copy = message.slice()
          this.#schedule(this.now + CHANNEL_LATENCY_MS, () => {
            if (other.tab.alive && !other.over) other.handler.onMessage(copy)
          })
        },
        bufferedBytes: 0,
        get fingerprints() {
          const theirs = [...ends].find(([, each]) => each === end.other)?.[0]
          return theirs === undefined ? undefined : { ours: name, theirs }
        },
        destroy: () => {
          if (end.over) return
          end.over = true
          const { other } = end
          this.#schedule(this.now + CHANNEL_LATENCY_MS, () => other?.tab.alive && shut(other))
        },
      } satisfies Connection
    }
  }
}

function opened(end: End): void {
  if (end.open || end.over) return
  end.open = true
  end.handler.onOpen()
}

function shut(end: End): void {
  if (end.over) return
  end.over = true
  end.handler.onClose()
}
