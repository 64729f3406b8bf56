/**
 * What a page does to have a node: finds it a place, gives it a client, keeps an eye on it, and tells it what becomes of the page.
 * A worker may end without a word, or never answer again. Then it is ended for good, its peers are told, and another takes its place,
 * with the same disk and the same client.
 */
import { Client, messagePort } from '@flotilla/client'
import { type Cancel, type Clock, ClusterError, type StateMachine, systemClock } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { channelsCanMove } from '@flotilla/webrtc-transport'
import type { FromHouse, HouseError, PageEvent, ToHouse } from './house.ts'
import { hearPage } from './page-life.ts'
import { inPage, inWorker, type Place } from './place.ts'
import type { NodeProgram, NodeSettings } from './program.ts'
import { roomOnDisk } from './ways.ts'

export interface OpenNodeOptions<
  Command,
  Result,
  Machine extends StateMachine<Command, Result> = StateMachine<Command, Result>,
> extends NodeSettings {
  /** The same as the worker's. */
  readonly program: NodeProgram<Command, Result, Machine>
  /**
   * Starts the application's worker, which calls `serveNode`. In these very words, because bundlers look for them:
   * `() => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' })`. Without it the node runs in the page.
   */
  readonly worker?: () => Worker
  /** Take up this node of the browser, if it is free (`perTab`). */
  readonly preferredNode?: NodeId
  /** Tells of what goes wrong and is mended without anybody's doing. */
  readonly onTrouble?: (trouble: HouseError) => void
}

/** No answer for this many questions in a row, each asked in time, and the place is given up. */
const SILENT_AFTER = 5
const ASK_EVERY_MS = 1_000
const PUNCTUAL_WITHIN_MS = 500
/** One that never answers even once may be loading over a slow network. */
const START_WITHIN_MS = 30_000

/**
 * Resolves when the page's client has a node to speak to, here or in another tab. Rejects with a ClusterError where there can be none;
 * then nothing is left open.
 */
export async function openNode<Command, Result, Machine extends StateMachine<Command, Result>>(
  options: OpenNodeOptions<Command, Result, Machine>,
): Promise<BrowserNode<Command, Result, Machine>> {
  const room = await roomOnDisk(options)
  const node = new BrowserNode(options, room)
  await node.opened
  return node
}

export class BrowserNode<
  Command,
  Result,
  Machine extends StateMachine<Command, Result> = StateMachine<Command, Result>,
> {
  readonly client: Client<Command, Result>
  /** This page's copy: read it, in `client.read` or without waiting, and change nothing. */
  readonly machine: Machine
  /** @internal */
  readonly opened: Promise<void>
  readonly #options: OpenNodeOptions<Command, Result, Machine>
  readonly #room: string
  readonly #clock: Clock = systemClock()
  readonly #deaf: () => void
  #place: Place
  #id: NodeId | undefined
  #preferred: NodeId | undefined
  #answered = false
  #missed = 0
  #startedAt = 0
  #nonce = 0
  #cancelTimer: Cancel = () => {}
  #closed: Promise<void> | undefined
  #houseClosed = (): void => {}
  #open = (): void => {}
  #fail: (error: ClusterError) => void = () => {}

  /** @internal */
  constructor(options: OpenNodeOptions<Command, Result, Machine>, room: string) {
    this.#options = options
    this.#room = room
    this.#preferred = options.preferredNode
    this.machine = options.program.machine()
    this.client = new Client({ machine: this.machine })
    this.opened = new Promise((resolve, reject) => {
      this.#open = resolve
      this.#fail = error => {
        reject(error)
        void this.close()
      }
    })
    this.client.on('status', () => this.#open())
    this.#place = this.#settle()
    this.#deaf = hearPage(
      event => this.#tellPageEvent(event),
      () => this.#place.kind === 'worker',
    )
    this.#askLater()
  }

  /** Where the node of this page would run, or does. */
  get place(): 'worker' | 'page' {
    return this.#place.kind
  }

  /** The node that this very tab drives; `undefined` where another tab of the browser does. */
  get drives(): NodeId | undefined {
    return this.#id
  }

  /** The room's name on this disk. */
  get room(): string {
    return this.#room
  }

  /** Says goodbye, and lets another tab drive. */
  close(): Promise<void> {
    this.#closed ??= this.#leave()
    return this.#closed
  }

  async #leave(): Promise<void> {
    this.#deaf()
    this.#cancelTimer()
    this.client.close()
    const closed = new Promise<void>(resolve => {
      this.#houseClosed = resolve
      this.#clock.setTimer(this.#clock.now() + 2_000, resolve)
    })
    this.#post({ kind: 'close' })
    await closed
    this.#place.end()
  }

  // ---- Its place ----------------------------------------------------------------------------------------------------

  #settle(): Place {
    const { worker, program } = this.#options
    const place =
      worker !== undefined && channelsCanMove()
        ? inWorker(worker, why => this.#broken(place, { kind: undefined, message: why }))
        : inPage(program)
    this.#answered = false
    this.#missed = 0
    this.#startedAt = this.#clock.now()
    place.house.onmessage = ({ data }: MessageEvent<FromHouse>) => {
      if (place === this.#place) this.#hear(data)
    }
    const { connections } = place
    const begin: ToHouse = {
      kind: 'begin',
      settings: settingsOf(this.#options),
      room: this.#room,
      preferredNode: this.#preferred,
      connections,
    }
    place.house.postMessage(begin, connections === undefined ? [] : [connections])
    return place
  }

  /** It will never answer. */
  #broken(place: Place, trouble: HouseError): void {
    if (place !== this.#place || this.#closed !== undefined) return
    this.#fail(new ClusterError('MachineFailed', `the node’s worker does not start: ${trouble.message}`))
  }

  #replace(): void {
    this.#options.onTrouble?.({ kind: undefined, message: 'the node’s worker does not answer, and is replaced' })
    this.#place.end()
    this.#id = undefined
    this.#place = this.#settle()
  }

  #hear(told: FromHouse): void {
    this.#answered = true
    this.#missed = 0
    switch (told.kind) {
      case 'found':
        if (this.#closed === undefined) this.client.attach(messagePort(told.port))
        return
      case 'drives':
        this.#id = told.id
        if (told.id !== undefined) this.#preferred = told.id
        return
      case 'failed': {
        this.#options.onTrouble?.(told.error)
        const { kind = 'StorageFailed', message } = told.error
        return this.#fail(new ClusterError(kind, message))
      }
      case 'alive':
        return
      case 'closed':
        return this.#houseClosed()
      default:
        told satisfies never
    }
  }

  #post(message: ToHouse): void {
    this.#place.house.postMessage(message)
  }

  // ---- Whether it is alive ------------------------------------------------------------------------------------------

  #askLater(): void {
    const at = this.#clock.now() + ASK_EVERY_MS
    this.#cancelTimer = this.#clock.setTimer(at, () => {
      this.#ask(this.#clock.now() - at <= PUNCTUAL_WITHIN_MS)
      this.#askLater()
    })
  }

  /** Who stood still, or is slowed down because nobody sees the page, has had no chance to hear. */
  #ask(isPunctual: boolean): void {
    if (!isPunctual) this.#missed = 0
    else if (this.#isSilent) return this.#replace()
    this.#missed += 1
    this.#post({ kind: 'alive?', nonce: ++this.#nonce })
  }

  get #isSilent(): boolean {
    if (this.#place.kind === 'page') return false
    if (!this.#answered) return this.#clock.now() - this.#startedAt > START_WITHIN_MS
    return this.#missed >= SILENT_AFTER
  }

  #tellPageEvent(event: PageEvent): void {
    const isVisibility = event === 'visible' || event === 'hidden'
    if (isVisibility && this.#options.yieldWhenHidden !== true) return
    // In the page the node hears of all else by itself.
    if (isVisibility || this.#place.kind === 'worker') this.#post({ kind: 'page', event })
  }
}

function settingsOf<Command, Result>({
  program: _program,
  worker: _worker,
  preferredNode: _preferredNode,
  onTrouble: _onTrouble,
  ...settings
}: OpenNodeOptions<Command, Result>): NodeSettings {
  return settings
}
