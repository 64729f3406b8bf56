/**
 * A board that several people edit in every page, through the outbox, also while they are offline and while their page is reloaded:
 * each change takes effect once or comes back as rejected, and all copies show the same in the end.
 */
import type { FromHouse, HouseEnd, HouseGround, NodeProgram, NodesPage } from '@flotilla/browser-node/ground'
import { keepHouse, openNodeIn } from '@flotilla/browser-node/ground'
import { type AppliedAt, ClusterError } from '@flotilla/cluster'
import { type Change, ReplicatedMachines, type SharedMachine, type StateCommand, stateOf } from '@flotilla/state'
import { mixText } from '../ground/hash.ts'
import type { Random } from '../ground/random.ts'
import type { Page } from '../runtime/page.ts'
import type { Application } from './application.ts'
import { type Board, board, columns, wrongWith } from './board.ts'
import { type BrowsersRoom, roomName } from './room.ts'
import type { OpenedNode, OpenTab } from './tab.ts'

type SharedBoard = SharedMachine<Board, typeof board.mutations>

/** Where a change took effect, or was rejected. */
interface Effect {
  readonly index: number
  readonly isRejected: boolean
  readonly command: StateCommand
}

/** A page with so much under way changes nothing more. */
const mostPending = 20

export class Edits implements Application {
  readonly #room: BrowsersRoom
  readonly #random: Random
  readonly #effects = new Map<string, Effect>()
  /** The state after each command, by whoever applied it first. */
  readonly #digests = new Map<number, number>()
  readonly #boards = new Map<Page, SharedBoard>()
  #stopped = false

  constructor(room: BrowsersRoom, random: Random) {
    this.#room = room
    this.#random = random
  }

  async open(open: OpenTab, page: NodesPage): Promise<OpenedNode> {
    const { raft, autopilot } = this.#room.mix
    const program: NodeProgram<StateCommand, ReturnType<ReplicatedMachines['apply']>, ReplicatedMachines> = {
      machine: () => this.#machines(open.page),
    }
    const node = await openNodeIn(
      {
        program,
        room: roomName,
        raft,
        autopilot,
        onTrouble: ({ kind, message }) => this.#room.trouble(open.page, kind, message),
      },
      roomName,
      page,
    )
    let changes = 0
    const state = stateOf(node, {
      by: () => open.tab.name,
      now: () => this.#room.timeline.now,
      newId: () => `${open.page.name}-${++changes}`,
    })
    const shared = state.machine(board)
    this.#boards.set(open.page, shared)
    this.#use(open, shared)
    return {
      status: () => node.client.status(),
      isReachable: () => node.client.isReachable,
      drives: () => node.drives,
      // What the page shows, with what it has pending.
      digest: () => mixText(0, JSON.stringify(shared.current())),
      insist: () => this.#insist(open, shared),
      close: async () => {
        state.close()
        await node.close()
      },
    }
  }

  keepHouse(thread: Page, page: HouseEnd<FromHouse>, ground: HouseGround): void {
    keepHouse({ machine: () => this.#machines(thread) }, page, ground)
  }

  idOf(command: Uint8Array): string {
    return new ReplicatedMachines([board]).command.decode(command).id
  }

  stop(): void {
    this.#stopped = true
  }

  judge(lost: ReadonlySet<string>): void {
    const room = this.#room
    room.ledger.judge(
      id => this.#effects.get(id)?.index,
      lost,
      property => detail => room.report(property, detail),
    )
    const inOrder = [...this.#effects.values()]
      .filter(({ isRejected }) => !isRejected)
      .sort((a, b) => a.index - b.index)
    const calls = inOrder.map(({ command }) => command)
    for (const { page } of room.openTabs) {
      const shown = this.#boards.get(page)?.current()
      const wrong = shown && wrongWith(shown, calls)
      if (wrong !== undefined) room.report('Every Change Once', `${page.name} shows a board in which ${wrong}`)
    }
  }

  #machines(thread: Page): ReplicatedMachines {
    return new WatchedMachines((command, index, isRejected, digest) => {
      if (thread.isAlive) this.#applied(thread, { command, index, isRejected }, digest)
    })
  }

  #applied(thread: Page, effect: Effect, digest: number): void {
    const { command, index, isRejected } = effect
    const first = this.#effects.get(command.id)
    if (first === undefined) this.#effects.set(command.id, effect)
    else if (first.index !== index || first.isRejected !== isRejected) {
      this.#room.report('Exactly Once', `${thread.name} has ${command.id} at ${index}, which was at ${first.index}`)
    }
    const state = this.#digests.get(index)
    if (state === undefined) this.#digests.set(index, digest)
    else if (state !== digest)
      this.#room.report('Equal States', `${thread.name} has another board after ${index} than others had`)
  }

  // ---- What people do -----------------------------------------------------------------------------------------------

  #use(open: OpenTab, shared: SharedBoard): void {
    const { timeline, mix } = this.#room
    const random = this.#random.fork(open.page.name)
    const { page } = open
    timeline.every(
      () => random.tail(100, 2 * mix.thinkMs),
      () => {
        if (page.isFrozen || this.#room.isAsleep || shared.pending().length >= mostPending) return
        this.#follow(page, this.#edit(shared, random))
      },
      () => page.isAlive && !open.isLeaving && !this.#stopped,
    )
  }

  /** On what the page shows: others may have changed or removed it by the time it is in the log. */
  #edit({ mutate, current }: SharedBoard, random: Random): Change {
    const card = random.pick(Object.keys(current().cards))
    const column = random.pick(columns) ?? columns[0]
    const dice = random.next()
    if (card === undefined || dice < 0.35) return mutate.add({ column, text: `${random.int(100)}` })
    if (dice < 0.65) return mutate.move({ card, column, at: random.int(5) })
    if (dice < 0.85) return mutate.edit({ card, text: `${random.int(100)}` })
    return mutate.remove({ card })
  }

  #follow(page: Page, change: Change): Change {
    const { timeline, settling, ledger, marks } = this.#room
    const { id, what } = change
    timeline.tell(page.name, () => `makes ${id}: ${JSON.stringify(what)}`)
    ledger.submitted(id, page.tab)
    settling.watch(
      page,
      `${id} to be saved`,
      timeline.now,
      change.saved,
      () => ledger.told(id, 'saved'),
      () => ledger.told(id, 'refused'),
    )
    settling.watch(
      page,
      `what becomes of ${id}`,
      timeline.now,
      change.applied,
      ({ index }) => {
        timeline.tell(page.name, () => `is told that ${id} is at ${index}`)
        const effect = this.#effects.get(id)
        if (effect?.index !== index || effect.isRejected)
          this.#room.report(
            'Exactly Once',
            `${page.name} is told that ${id} is at ${index}, and it is at ${effect?.index}`,
          )
      },
      error => {
        const kind = error instanceof ClusterError ? error.kind : undefined
        timeline.tell(page.name, () => `is told of ${id}: ${kind ?? error}`)
        if (kind === undefined) this.#room.report('Typed Errors', `${page.name} rejects with ${error}`)
        if (kind === 'Rejected') marks.sometimes('command refused by the machine')
        if (kind === 'Rejected' && this.#effects.get(id)?.isRejected === false)
          this.#room.report('Exactly Once', `${page.name} is told that ${id} was rejected, and it took effect`)
      },
    )
    return change
  }

  #insist({ page }: OpenTab, shared: SharedBoard): () => string | undefined {
    let isLost = false
    const add = (): Change => {
      isLost = false
      const change = this.#follow(page, shared.mutate.add({ column: columns[0], text: 'the last' }))
      change.committed.catch(() => {
        isLost = true
      })
      return change
    }
    let change = add()
    return () => {
      // Its session had ended, and the tab did not know: it is told so, and asks again.
      if (isLost) change = add()
      if (!page.isAlive || change.progress === 'committed') return undefined
      return `${change.id} of ${page.name} is ${change.progress}`
    }
  }
}

class WatchedMachines extends ReplicatedMachines {
  readonly #told: (command: StateCommand, index: number, isRejected: boolean, digest: number) => void

  constructor(told: (command: StateCommand, index: number, isRejected: boolean, digest: number) => void) {
    super([board])
    this.#told = told
  }

  override apply(command: StateCommand, at: AppliedAt): ReturnType<ReplicatedMachines['apply']> {
    let isRejected = true
    try {
      const applied = super.apply(command, at)
      isRejected = false
      return applied
    } finally {
      this.#told(command, at.index, isRejected, mixText(0, JSON.stringify(this.copy(board.name).stateToShow())))
    }
  }
}
