/**
 * The tabs of one browser share one disk, so they are one node, and one of them drives it: whoever has the browser's lock. The
 * others' pages follow through it, over ports to wherever it is. When it goes, the browser gives the lock to the next, which takes the node over.
 *
 * A tab that is frozen keeps its lock. It is not asked to give it up, for it would not hear: who follows and hears nothing takes the
 * lock by force, and the node's database with it. What was frozen finds out when it goes on, writes nothing any more, and follows.
 */
import type { Port } from '@flotilla/client'
import type { Cancel, Clock } from '@flotilla/cluster'
import { hasStoodStill } from '../stood-still.ts'
import { broadcastPort } from './broadcast-port.ts'
import type { Channel, Lock, Locks } from './surroundings.ts'
import { decodeWord, type Word } from './words.ts'

/** A node that this tab drives. */
export interface DrivenNode {
  /** Gives the way to stop. */
  serve(port: Port): () => void
  /** Goodbye, and away. */
  close(): Promise<void>
  /** Somebody else drives it by now: away without a word, which would be said in its name. */
  abandon(): Promise<void>
}

export interface HouseholdHost {
  readonly room: string
  /** Of this tab, and of no other. */
  readonly name: string
  readonly locks: Locks
  readonly channel: (name: string) => Channel
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Opens the browser's node, from whoever has not let go of it. It may be taken from us while that takes place. */
  open(): Promise<DrivenNode>
  /** The page's client finds the node at the end of this port from now on, in place of any before. */
  found(port: Port): void
  /** The page's client finds the node right here. Gives the way to stop serving it. */
  foundHere(node: DrivenNode): () => void
  /** This tab drives, or does not any more. */
  drives(drives: boolean): void
  /** The node did not open here. It is tried again. */
  failed(error: unknown): void
}

const ASK_EVERY_MS = 1_000
/** Answers of the one who drives that are missed in a row. */
const SILENT_AFTER = 4
/** More tabs of one browser than anybody has open. */
const MAX_SERVED = 256
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

export class Household {
  readonly #host: HouseholdHost
  readonly #channel: Channel
  readonly #stop = new AbortController()
  /** While this tab waits for its turn. */
  #turn: AbortController | undefined
  #lock: Lock | undefined
  #node: DrivenNode | undefined
  /** By the name of the tab: how to stop serving it. */
  readonly #served = new Map<string, () => void>()
  /** Whom this tab follows, and its way there. */
  #driver: string | undefined
  #way: { readonly name: string; readonly port: Port } | undefined
  #missed = 0
  #mayCall = false
  #cancelTimer: Cancel = () => {}
  #cancelRetry: Cancel = () => {}
  #failures = 0

  constructor(host: HouseholdHost) {
    this.#host = host
    this.#channel = host.channel(`flotilla-household/${host.room}`)
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const word = decodeWord(data)
      if (word !== undefined && !this.#isOver) this.#hear(word)
    }
    this.#wait()
    // Whoever serves this tab learns of its end by this lock: it calls nobody before it has it.
    host.locks.request(this.#lockOf(host.name), { signal: this.#stop.signal }).then(
      lock => {
        this.#stop.signal.addEventListener('abort', () => lock.release())
        this.#mayCall = true
        this.#say({ kind: 'who', from: host.name })
        this.#askLater()
      },
      () => {},
    )
  }

  get drives(): boolean {
    return this.#lock !== undefined
  }

  /** The page goes away; its node says goodbye, and the next tab has the lock when it is closed. */
  async close(): Promise<void> {
    if (this.#isOver) return
    this.#stop.abort()
    this.#cancelTimer()
    this.#cancelRetry()
    this.#turn?.abort()
    this.#leaveDriver()
    const lock = this.#lock
    const node = this.#putDown()
    try {
      await node?.close()
    } finally {
      lock?.release()
      this.#channel.close()
    }
  }

  /** The node that this tab drives has lost its database. Whoever has the next turn, here or in another tab, opens what there is. */
  lost(): void {
    const lock = this.#lock
    if (lock === undefined || this.#isOver) return
    const node = this.#putDown()
    this.#host.drives(false)
    const next = (): void => this.#giveUpFor(FIRST_RETRY_MS, lock)
    node?.abandon().then(next, next)
    if (node === undefined) next()
  }

  get #isOver(): boolean {
    return this.#stop.signal.aborted
  }

  // ---- Who drives ---------------------------------------------------------------------------------------------------

  #wait(): void {
    const turn = new AbortController()
    this.#turn = turn
    this.#host.locks.request(this.#driversLock, { signal: turn.signal }).then(
      lock => (this.#isOver || this.#turn !== turn ? lock.release() : void this.#take(lock)),
      () => {},
    )
  }

  /** Whoever drives does not answer, and keeps the lock. */
  async #seize(): Promise<void> {
    this.#turn?.abort()
    this.#turn = undefined
    const lock = await this.#host.locks.request(this.#driversLock, { signal: this.#stop.signal, byForce: true })
    if (this.#isOver) return lock.release()
    await this.#take(lock)
  }

  async #take(lock: Lock): Promise<void> {
    this.#turn = undefined
    this.#lock = lock
    this.#missed = 0
    lock.stolen.then(() => this.#robbed(lock))
    this.#leaveDriver()
    await this.#allHeard()
    if (this.#lock !== lock || this.#isOver) return
    let node: DrivenNode
    try {
      node = await this.#host.open()
    } catch (error) {
      if (this.#lock !== lock) return
      this.#host.failed(error)
      return this.#giveUpFor(backoff(this.#failures++), lock)
    }
    if (this.#lock !== lock || this.#isOver) return node.abandon()
    this.#failures = 0
    this.#node = node
    this.#host.drives(true)
    this.#served.set(this.#host.name, this.#host.foundHere(node))
    this.#say({ kind: 'driver', from: this.#host.name })
  }

  /**
   * A tab may have been given the lock while it was frozen, and robbed of it since. It would take the node from the thief, who learns of that by
   * its next write only. The browser tells of locks in order: whoever has another one by now has heard of everything before it.
   */
  async #allHeard(): Promise<void> {
    const { locks, name } = this.#host
    try {
      const other = await locks.request(`${this.#driversLock}/${name}`, { signal: this.#stop.signal })
      other.release()
    } catch {
      // It closes.
    }
  }

  /** What keeps this tab from opening the node may not keep another from it. */
  #giveUpFor(ms: number, lock: Lock): void {
    this.#lock = undefined
    lock.release()
    if (this.#isOver) return
    const { clock } = this.#host
    this.#cancelRetry()
    this.#cancelRetry = clock.setTimer(clock.now() + ms, () => {
      if (this.#lock === undefined && this.#turn === undefined) this.#wait()
    })
  }

  #robbed(lock: Lock): void {
    if (this.#lock !== lock || this.#isOver) return
    const node = this.#putDown()
    node?.abandon().catch(() => {})
    if (node !== undefined) this.#host.drives(false)
    this.#wait()
    this.#say({ kind: 'who', from: this.#host.name })
  }

  #putDown(): DrivenNode | undefined {
    const node = this.#node
    this.#node = undefined
    this.#lock = undefined
    for (const stop of this.#served.values()) stop()
    this.#served.clear()
    return node
  }

  // ---- What the tabs say to each other ------------------------------------------------------------------------------

  #hear(word: Word): void {
    const { name } = this.#host
    switch (word.kind) {
      case 'who':
        if (this.#node !== undefined) this.#say({ kind: 'driver', from: name })
        return
      case 'driver':
        return this.#follow(word.from)
      case 'call':
        if (word.to === name) this.#serve(word.from, word.way)
        return
      case 'ready':
        if (word.to === name) this.#arrived(word.way)
        return
      case 'alive?':
        // Also while the node is being opened: then there is nobody better.
        if (!this.drives) return
        this.#say({ kind: 'alive', from: name, serves: this.#node !== undefined })
        if (this.#node !== undefined && !this.#served.has(word.from))
          this.#say({ kind: 'unserved', from: name, to: word.from })
        return
      case 'unserved':
        if (word.to !== name || word.from !== this.#driver) return
        this.#leaveDriver()
        return this.#follow(word.from)
      case 'alive':
        this.#missed = 0
        if (word.serves) this.#follow(word.from)
        return
      default:
        word satisfies never
    }
  }

  #follow(driver: string): void {
    // A former driver that wakes up speaks of itself until it hears that it was robbed.
    if (this.drives || driver === this.#driver || !this.#mayCall) return
    this.#leaveDriver()
    this.#driver = driver
    this.#missed = 0
    const way = `flotilla-household/${this.#host.room}/${this.#host.name}/${this.#host.random()}`
    this.#way = { name: way, port: broadcastPort(this.#host.channel(way), 'page') }
    this.#say({ kind: 'call', from: this.#host.name, to: driver, way })
  }

  /** The other end is open: what is sent now arrives. */
  #arrived(way: string): void {
    if (this.#way?.name !== way) return
    this.#host.found(this.#way.port)
  }

  #leaveDriver(): void {
    this.#driver = undefined
    this.#way?.port.close()
    this.#way = undefined
  }

  #serve(tab: string, way: string): void {
    const node = this.#node
    if (node === undefined || (this.#served.size >= MAX_SERVED && !this.#served.has(tab))) return
    this.#served.get(tab)?.()
    const until = new AbortController()
    const stopServing = node.serve(broadcastPort(this.#host.channel(way), 'node'))
    const stop = (): void => {
      until.abort()
      stopServing()
      if (this.#served.get(tab) === stop) this.#served.delete(tab)
    }
    this.#served.set(tab, stop)
    this.#host.locks.request(this.#lockOf(tab), { signal: until.signal }).then(
      lock => {
        lock.release()
        stop()
      },
      () => {},
    )
    this.#say({ kind: 'ready', from: this.#host.name, to: tab, way })
  }

  #say(word: Word): void {
    this.#channel.postMessage(word)
  }

  // ---- Whether the one who drives is alive --------------------------------------------------------------------------

  #askLater(): void {
    const { clock, random } = this.#host
    const at = clock.now() + ASK_EVERY_MS * (0.9 + random() / 5)
    this.#cancelTimer = clock.setTimer(at, () => {
      this.#ask(hasStoodStill(clock.now() - at))
      this.#askLater()
    })
  }

  #ask(stoodStill: boolean): void {
    if (this.drives || this.#turn === undefined) {
      this.#missed = 0
      return
    }
    if (stoodStill) this.#missed = 0
    else if (this.#missed >= SILENT_AFTER) {
      this.#missed = 0
      this.#seize().catch(() => this.#turn === undefined && this.#wait())
      return
    }
    this.#missed += 1
    this.#say({ kind: 'alive?', from: this.#host.name })
  }

  get #driversLock(): string {
    return `flotilla-household/${this.#host.room}/driver`
  }

  #lockOf(tab: string): string {
    return `flotilla-household/${this.#host.room}/tab/${tab}`
  }
}

const backoff = (failures: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures)
