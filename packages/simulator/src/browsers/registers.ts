/** In every page somebody writes registers, through the outbox or past it, and reads them; the node's machine and the pages' copies are watched. */
import type {
  BrowserNode,
  FromHouse,
  HouseEnd,
  HouseGround,
  NodeProgram,
  NodesPage,
} from '@flotilla/browser-node/ground'
import { keepHouse, openNodeIn } from '@flotilla/browser-node/ground'
import { ClusterError, type Committed } from '@flotilla/cluster'
import { decodeCommand } from '../ground/command.ts'
import type { Random } from '../ground/random.ts'
import { ExactlyOnce } from '../runtime/checks/exactly-once.ts'
import { linearizableHistory } from '../runtime/checks/linearizable-history.ts'
import { readYourWrites } from '../runtime/checks/read-your-writes.ts'
import { type ClientOperation, History } from '../runtime/history.ts'
import type { Page } from '../runtime/page.ts'
import {
  hastyKey,
  type MachineWatch,
  type PaddedCommand,
  RegisterMachine,
  refusedKey,
  registerCount,
} from '../runtime/register-machine.ts'
import type { Application } from './application.ts'
import { type BrowsersRoom, roomName } from './room.ts'
import type { OpenedNode, OpenTab } from './tab.ts'

type RegisterNode = BrowserNode<PaddedCommand, number, RegisterMachine>

/** A page with so many questions open asks no more. */
const mostUnanswered = 8
/** Nor does one with so much in its outbox. */
const mostWaiting = 30
/** Only so long is a read, or a write past the outbox, waited for. Milliseconds. */
const timeoutMs = 5_000

export class Registers implements Application {
  readonly history = new History()
  readonly #room: BrowsersRoom
  readonly #random: Random
  readonly #exactlyOnce: ExactlyOnce
  /** The chain of hashes that the machines had after each command, by whoever applied it first. */
  readonly #chains = new Map<number, number>([[0, 0]])
  #stopped = false

  constructor(room: BrowsersRoom, random: Random) {
    this.#room = room
    this.#random = random
    this.#exactlyOnce = new ExactlyOnce(detail => room.report('Exactly Once', detail))
  }

  async open(open: OpenTab, page: NodesPage): Promise<OpenedNode> {
    const { raft, autopilot } = this.#room.mix
    const node = await openNodeIn(
      {
        program: this.#program(open.page),
        room: roomName,
        raft,
        autopilot,
        onTrouble: ({ kind, message }) => this.#room.trouble(open.page, kind, message),
      },
      roomName,
      page,
    )
    this.#use(open, node)
    return {
      status: () => node.client.status(),
      isReachable: () => node.client.isReachable,
      drives: () => node.drives,
      digest: () => node.machine.chain,
      insist: () => this.#insist(open, node),
      close: () => node.close(),
    }
  }

  keepHouse(thread: Page, page: HouseEnd<FromHouse>, ground: HouseGround): void {
    keepHouse(this.#program(thread), page, ground)
  }

  idOf(command: Uint8Array): string {
    return String(decodeCommand(command).operation)
  }

  stop(): void {
    this.#stopped = true
  }

  judge(lost: ReadonlySet<string>): void {
    const { effects } = this.#exactlyOnce
    const room = this.#room
    const placeOf = (id: string): number | undefined => effects.get(Number(id))?.index
    room.ledger.judge(placeOf, lost, property => detail => room.report(property, detail))
    for (const id of lost)
      room.marks.sometimes(
        placeOf(id) === undefined ? 'command lost that had not' : 'command lost that had taken effect',
      )
    const about =
      (property: string) =>
      (detail: string): void =>
        room.report(property, detail)
    for (const operation of this.history.all) {
      this.#concludes(operation)
      readYourWrites(operation, effects, about('Read Your Writes'))
    }
    linearizableHistory(this.history.all, about('Linearizability'))
  }

  /** Of a write that nobody was told about it is known by now whether it took effect, and by when. */
  #concludes(operation: ClientOperation): void {
    const { kind, outcome, number } = operation
    if (outcome !== 'pending' && outcome !== 'unknown') return
    const effect = this.#exactlyOnce.effects.get(number)
    if (kind === 'read' || effect?.previous === undefined) operation.outcome = 'failed'
    else operation.outcome = 'done'
  }

  #program(thread: Page): NodeProgram<PaddedCommand, number, RegisterMachine> {
    return { machine: () => new RegisterMachine(this.#watchOf(thread)) }
  }

  #watchOf(thread: Page): MachineWatch {
    const room = this.#room
    return {
      applied: (effect, chain) => {
        if (!thread.isAlive) return
        const operation = this.history.get(effect.operation)
        if (operation?.returned === Number.POSITIVE_INFINITY) operation.returned = room.timeline.events
        this.#exactlyOnce.applied(thread.name, effect)
        if (effect.key !== refusedKey) this.#compare(thread, effect.index, chain)
      },
      restored: (lastCommandIndex, chain) => {
        if (!thread.isAlive) return
        if (room.openTabs.some(({ page }) => page === thread)) room.marks.sometimes('copy caught up from a snapshot')
        this.#compare(thread, lastCommandIndex, chain)
      },
      mute: () => {},
    }
  }

  #compare(thread: Page, index: number, chain: number): void {
    const first = this.#chains.get(index)
    if (first === undefined) this.#chains.set(index, chain)
    else if (first !== chain)
      this.#room.report('Equal States', `${thread.name} has another state after ${index} than others had`)
  }

  // ---- What is asked for --------------------------------------------------------------------------------------------

  #use(open: OpenTab, node: RegisterNode): void {
    const { timeline, mix } = this.#room
    const random = this.#random.fork(open.page.name)
    const { page } = open
    timeline.every(
      () => random.tail(1, mix.thinkMs),
      () => {
        if (!page.isFrozen && !this.#room.isAsleep) this.#ask(open, node, random)
      },
      () => page.isAlive && !open.isLeaving && !this.#stopped,
    )
  }

  #ask({ page }: OpenTab, node: RegisterNode, random: Random): void {
    const key = random.chance(0.05) ? (random.pick([refusedKey, hastyKey]) ?? 0) : random.int(registerCount)
    const padding = random.int(30)
    const dice = random.next()
    if (this.#room.settling.openOf(page) < mostUnanswered) {
      if (dice < 0.25) return void this.#read(page, node, random.int(registerCount))
      if (dice < 0.4) return void this.#propose(page, node, key, padding)
    }
    if (node.outbox.waiting().length >= mostWaiting) return
    for (let left = random.chance(0.1) ? 5 : 1; left > 0; left--) this.#submit(page, node, key, padding)
  }

  #submit(page: Page, node: RegisterNode, key: number, padding: number): ClientOperation {
    const { timeline, settling, ledger, marks } = this.#room
    const operation = this.history.begin('write', page.name, key, timeline.events)
    const id = String(operation.number)
    timeline.tell(page.name, () => `submits ${id}, to register ${key}`)
    ledger.submitted(id, page.tab)
    const { saved, committed } = node.outbox.submit({ operation: operation.number, key, padding })
    settling.watch(
      page,
      `${id} to be saved`,
      timeline.now,
      saved,
      () => {
        timeline.tell(page.name, () => `has ${id} saved`)
        if (!node.client.hasLeader) marks.sometimes('saved while nobody could be reached')
        ledger.told(id, 'saved')
      },
      error => {
        timeline.tell(page.name, () => `is told that ${id} is not saved: ${kindOf(error)}`)
        if (!(error instanceof ClusterError)) this.#room.report('Typed Errors', `saved rejects with ${error}`)
        ledger.told(id, 'refused')
      },
    )
    this.#follow(page, operation, committed)
    return operation
  }

  #propose(page: Page, node: RegisterNode, key: number, padding: number): ClientOperation {
    const { timeline } = this.#room
    const operation = this.history.begin('write', page.name, key, timeline.events)
    timeline.tell(page.name, () => `proposes ${operation.number}, to register ${key}`)
    const asked = node.client.propose({ operation: operation.number, key, padding }, { timeoutMs })
    this.#follow(page, operation, asked)
    return operation
  }

  #follow(page: Page, operation: ClientOperation, asked: Promise<Committed<number>>): void {
    const { timeline, settling, marks } = this.#room
    const { number } = operation
    settling.watch(
      page,
      `the answer to ${number}`,
      timeline.now,
      asked,
      ({ index, term, result }) => {
        timeline.tell(page.name, () => `is told that ${number} is at ${index}`)
        this.history.written(operation, index, term, result, Math.min(operation.returned, timeline.events))
        this.#exactlyOnce.answered(page.name, { operation: number, index, term, previous: result })
      },
      error => {
        const kind = kindOf(error)
        timeline.tell(page.name, () => `is told of ${number}: ${kind}`)
        if (!(error instanceof ClusterError)) this.#room.report('Typed Errors', `${page.name} rejects with ${error}`)
        if (kind !== 'Rejected') return this.history.ended(operation, 'unknown')
        marks.sometimes('command refused by the machine')
        this.history.ended(operation, 'refused')
        this.#exactlyOnce.refused(page.name, number)
      },
    )
  }

  #read(page: Page, node: RegisterNode, key: number): ClientOperation {
    const { timeline, settling, marks } = this.#room
    const operation = this.history.begin('read', page.name, key, timeline.events)
    settling.watch(
      page,
      `the answer to read ${operation.number}`,
      timeline.now,
      node.client.read(() => node.machine.registers[key] ?? 0, { timeoutMs }),
      value => {
        marks.sometimes('read answered')
        this.history.read(operation, value, timeline.events)
      },
      () => this.history.ended(operation, 'failed'),
    )
    return operation
  }

  /** A write and a read that succeed, however often they have to be asked for. */
  #insist({ page }: OpenTab, node: RegisterNode): () => string | undefined {
    let write = this.#submit(page, node, 0, 0)
    let read = this.#read(page, node, 0)
    return () => {
      if (!page.isAlive) return undefined
      // Its session had ended, and the tab did not know: it is told so, and asks again.
      if (write.outcome === 'unknown') write = this.#submit(page, node, 0, 0)
      if (write.outcome !== 'done') return `write ${write.number} of ${page.name} is ${write.outcome}`
      if (read.outcome === 'failed') read = this.#read(page, node, 0)
      return read.outcome === 'done' ? undefined : `read ${read.number} of ${page.name} is ${read.outcome}`
    }
  }
}

function kindOf(error: unknown): string {
  return error instanceof ClusterError ? error.kind : String(error)
}
