/**
 * An application whose node runs elsewhere: a page with a client and a copy of the state, and a port to the node of some tab.
 * Ports take their time, and die without a word with the tab at the other end; the page notices, and goes to another one.
 */
import { Client, type Port, serve } from '@flotilla/client'
import type { Random } from '../ground/random.ts'
import type { Asker, Clients } from './clients.ts'
import { Page } from './page.ts'
import { PageClock } from './page-clock.ts'
import { type PaddedCommand, RegisterMachine } from './register-machine.ts'
import type { Room, Tab } from './room.ts'

export class PortClient {
  readonly asker: Asker
  isAsleep = false
  readonly #room: Room
  readonly #random: Random
  readonly #client: Client<PaddedCommand, number>
  readonly #page: Page
  /** Whose nodes it may go to. */
  #tabs: readonly Tab[]
  #node: { readonly page: Page; readonly stop: () => void } | undefined = undefined
  #stopped = false

  constructor(room: Room, number: number, random: Random, clients: Clients) {
    this.#room = room
    this.#random = random
    this.#tabs = room.tabs
    // Numbered after the tabs and the clients on the wire.
    this.#page = new Page(room.timeline, 200 + number, 1)
    const machine = new RegisterMachine(room.watchOf(this.#page))
    this.#client = new Client({ machine, clock: new PageClock(room.timeline, this.#page) })
    this.asker = { name: `p${number}`, client: `p${number}`, page: this.#page, machine, node: this.#client }
    const { timeline, mix } = room
    timeline.every(
      () => random.tail(1, mix.thinkMs),
      () => {
        if (!this.#stopped && !this.isAsleep) clients.ask(this.asker, random)
      },
      () => this.#page.isAlive,
    )
    timeline.every(
      () => random.tail(1, 2 * mix.electionTimeoutMs),
      () => this.#look(),
      () => this.#page.isAlive,
    )
  }

  /** Asks for nothing new. */
  stop(): void {
    this.#stopped = true
  }

  /** From now on only these are worth going to. */
  keepTo(tabs: readonly Tab[]): void {
    this.#tabs = tabs
    this.#attach()
  }

  /** Whether its copy is that of this machine. */
  isLike({ chain }: RegisterMachine): boolean {
    return this.asker.machine.chain === chain
  }

  #look(): void {
    const isLost = this.#node === undefined || !this.#client.isReachable
    if (isLost || this.#random.chance(0.1)) this.#attach()
  }

  #attach(): void {
    const { marks, timeline } = this.#room
    const tab = this.#random.pick(this.#tabs.filter(({ open }) => open?.cluster !== undefined))
    const open = tab?.open
    if (open?.cluster === undefined) return
    if (this.#node !== undefined) marks.sometimes('client went from one node to another')
    // A page that lives hears no more of it; one that does not could not say anything anyway.
    const { clock, cluster, followed, page } = open
    this.#node?.stop()
    timeline.tell(this.asker.name, () => `goes to the node of ${tab?.name}`)
    const [here, there] = this.#ports(page)
    page.enter(() => serve(cluster, followed, there, { clock }))
    this.#node = { page, stop: () => there.close() }
    this.#client.attach(here)
  }

  #ports(page: Page): readonly [Port, Port] {
    const here = new End(this.#room, this.#random, this.#page)
    const there = new End(this.#room, this.#random, page)
    here.other = there
    there.other = here
    return [here, there]
  }
}

/** One end of a simulated port. */
class End implements Port {
  other: End | undefined = undefined
  readonly #room: Room
  readonly #random: Random
  readonly #page: Page
  #onMessage: ((message: Uint8Array) => void) | undefined = undefined
  #early: Uint8Array[] = []
  #arrivesAt = 0
  #isClosed = false

  constructor(room: Room, random: Random, page: Page) {
    this.#room = room
    this.#random = random
    this.#page = page
  }

  open(onMessage: (message: Uint8Array) => void): void {
    this.#onMessage = onMessage
    for (const message of this.#early.splice(0)) this.#page.enter(() => this.#deliver(message))
  }

  send(message: Uint8Array): void {
    const { other } = this
    if (this.#isClosed || other === undefined || !this.#page.emits()) return
    const { timeline } = this.#room
    const bytes = message.slice()
    other.#arrivesAt = Math.max(other.#arrivesAt, timeline.now + this.#random.tail(0, 2))
    timeline.at(other.#arrivesAt, () => other.#page.enter(() => other.#deliver(bytes)))
  }

  close(): void {
    this.#isClosed = true
  }

  #deliver(message: Uint8Array): void {
    if (this.#isClosed) return
    if (this.#onMessage === undefined) this.#early.push(message)
    else this.#onMessage(message)
  }
}
