/**
 * A tab that looks at the node of its browser and is no part of the household: it follows whoever drives, as the others do, and
 * never takes a turn itself, because it does not have the application that the node runs.
 */
import type { Port } from '@flotilla/client'
import type { Cancel, Clock } from '@flotilla/cluster'
import { broadcastPort } from './broadcast-port.ts'
import type { Channel, Locks } from './surroundings.ts'
import { decodeWord, type Word } from './words.ts'

export interface OnlookerHost {
  readonly room: string
  /** Of this tab, and of no other. */
  readonly name: string
  readonly locks: Locks
  readonly channel: (name: string) => Channel
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** The node is at the end of this port from now on; `undefined`: nobody has it open, or whoever has does not answer. */
  found(port: Port | undefined): void
}

const ASK_EVERY_MS = 1_000
const SILENT_AFTER = 4

export class Onlooker {
  readonly #host: OnlookerHost
  readonly #channel: Channel
  readonly #stop = new AbortController()
  #driver: string | undefined
  #way: { readonly name: string; readonly port: Port } | undefined
  #missed = 0
  #cancelTimer: Cancel = () => {}

  constructor(host: OnlookerHost) {
    this.#host = host
    this.#channel = host.channel(`flotilla-household/${host.room}`)
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const word = decodeWord(data)
      if (word !== undefined && !this.#stop.signal.aborted) this.#hear(word)
    }
    // Whoever serves this tab learns of its end by this lock: it calls nobody before it has it.
    host.locks.request(`flotilla-household/${host.room}/tab/${host.name}`, { signal: this.#stop.signal }).then(
      lock => {
        this.#stop.signal.addEventListener('abort', () => lock.release())
        this.#say({ kind: 'who', from: host.name })
        this.#askLater()
      },
      () => {},
    )
  }

  close(): void {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    this.#cancelTimer()
    this.#leave()
    this.#channel.close()
  }

  #hear(word: Word): void {
    const { name } = this.#host
    switch (word.kind) {
      case 'driver':
        return this.#follow(word.from)
      case 'ready':
        if (word.to === name && word.way === this.#way?.name) this.#host.found(this.#way.port)
        return
      case 'unserved':
        if (word.to !== name || word.from !== this.#driver) return
        this.#leave()
        return this.#follow(word.from)
      case 'alive':
        this.#missed = 0
        if (word.serves) this.#follow(word.from)
        return
      default:
        // The others' business.
        return
    }
  }

  #follow(driver: string): void {
    if (driver === this.#driver) return
    this.#leave()
    this.#driver = driver
    this.#missed = 0
    const way = `flotilla-household/${this.#host.room}/${this.#host.name}/${this.#host.random()}`
    this.#way = { name: way, port: broadcastPort(this.#host.channel(way), 'page') }
    this.#say({ kind: 'call', from: this.#host.name, to: driver, way })
  }

  #leave(): void {
    this.#driver = undefined
    this.#way?.port.close()
    this.#way = undefined
  }

  #askLater(): void {
    const { clock } = this.#host
    this.#cancelTimer = clock.setTimer(clock.now() + ASK_EVERY_MS, () => {
      this.#askLater()
      if (this.#missed === SILENT_AFTER) {
        this.#leave()
        this.#host.found(undefined)
      }
      this.#missed += 1
      this.#say({ kind: 'alive?', from: this.#host.name })
    })
  }

  #say(word: Word): void {
    this.#channel.postMessage(word)
  }
}
