/**
 * What a page does for its node: finds it a place, brings its client there, keeps an eye on it, and tells it what becomes of the page.
 * A worker may end without a word, or never answer again. Then it is ended for good, its peers are told, and another takes its place,
 * with the same disk and the same client.
 */
import { type Client, messagePort } from '@flotilla/client'
import { type Clock, ClusterError } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { FromHouse, HouseError, PageEvent, ToHouse } from './house.ts'
import type { Place } from './place.ts'
import type { NodeProgram, NodeSettings } from './program.ts'
import { Pulse } from './pulse.ts'
import type { NodeFaults, NodeWatcher } from './watching/watcher.ts'

/** A page is shown without a copy of what its node has rather than not at all. */
const COPY_WITHIN_MS = 2_000

/** What of a page's options it takes to find a place for its node. */
export type KeeperOptions<Command, Result> = NodeSettings & {
  readonly program: NodeProgram<Command, Result>
  readonly worker?: () => Worker
  readonly preferredNode?: NodeId
  readonly onTrouble?: (trouble: HouseError) => void
  readonly watcher?: NodeWatcher
}

/** What of a page its keeper has to do with. */
export interface KeepersPage {
  readonly clock: Clock
  /** Another place for its node. `failed`: it will never answer. */
  place(failed: (why: string) => void): Place
  /** Tells what becomes of the page; `elsewhere`: whether the node runs in a thread of its own. Gives the way to stop. */
  hear(tell: (event: PageEvent) => void, elsewhere: () => boolean): () => void
}

export class Keeper<Command, Result> {
  /** The client has a node to speak to, here or in another tab, and what that has. Rejects with a ClusterError where there can be none. */
  readonly opened: Promise<void>
  readonly #options: KeeperOptions<Command, Result>
  readonly #client: Pick<Client<Command, Result>, 'attach' | 'on' | 'isFilled'>
  readonly #room: string
  readonly #page: KeepersPage
  readonly #clock: Clock
  readonly #deaf: () => void
  readonly #pulse: Pulse
  #place: Place
  #id: NodeId | undefined
  #preferred: NodeId | undefined
  #faults: NodeFaults | undefined
  /** Whoever waits for faults to be in force. */
  #disturbed: (() => void)[] = []
  /** The client has heard from a node. */
  #isOpen = false
  #nonce = 0
  #closed: Promise<void> | undefined
  #houseClosed = (): void => {}
  #open = (): void => {}
  #fail: (error: ClusterError) => void = () => {}

  constructor(
    options: KeeperOptions<Command, Result>,
    room: string,
    client: Pick<Client<Command, Result>, 'attach' | 'on' | 'isFilled'>,
    page: KeepersPage,
  ) {
    this.#options = options
    this.#page = page
    this.#clock = page.clock
    this.#room = room
    this.#preferred = options.preferredNode
    this.#faults = options.watcher?.faults
    this.#client = client
    this.opened = new Promise((resolve, reject) => {
      this.#open = resolve
      this.#fail = error => {
        reject(error)
        void this.close()
      }
    })
    client.on('status', () => this.#clientHeard())
    client.on('applied', () => this.#openIfFilled())
    this.#pulse = new Pulse({
      clock: page.clock,
      ask: () => this.#post({ kind: 'alive?', nonce: ++this.#nonce }),
      silent: () => this.#replace(),
    })
    this.#place = this.#settle()
    this.#deaf = page.hear(
      event => this.#tellPageEvent(event),
      () => this.#place.kind === 'worker',
    )
    // A page needs no other thread to tell it that it lives.
    if (this.#place.kind === 'worker') this.#pulse.askAgainAndAgain()
  }

  /** Where the node of this page would run, or does. */
  get place(): 'worker' | 'page' {
    return this.#place.kind
  }

  /** The node that this very tab drives; `undefined` where another tab of the browser does. */
  get drives(): NodeId | undefined {
    return this.#id
  }

  /** For whoever watches. Resolves when they are in force, and everything is told that happened before. */
  setFaults(faults: NodeFaults): Promise<void> {
    this.#faults = faults
    this.#post({ kind: 'faults', faults })
    return new Promise(resolve => this.#disturbed.push(resolve))
  }

  /** Says goodbye, and lets another tab drive. */
  close(): Promise<void> {
    this.#closed ??= this.#leave()
    return this.#closed
  }

  async #leave(): Promise<void> {
    this.#deaf()
    this.#pulse.stop()
    const closed = new Promise<void>(resolve => {
      this.#houseClosed = resolve
      this.#clock.setTimer(this.#clock.now() + 2_000, resolve)
    })
    this.#post({ kind: 'close' })
    await closed
    this.#place.end()
  }

  #clientHeard(): void {
    if (!this.#isOpen) this.#clock.setTimer(this.#clock.now() + COPY_WITHIN_MS, () => this.#open())
    this.#isOpen = true
    this.#openIfFilled()
  }

  #openIfFilled(): void {
    if (this.#client.isFilled) this.#open()
  }

  // ---- Its place ----------------------------------------------------------------------------------------------------

  #settle(): Place {
    const place = this.#page.place(why => this.#broken(place, { kind: undefined, message: why }))
    this.#pulse.begin()
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
      faults: this.#faults,
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
    // The next place begins with them.
    for (const resolve of this.#disturbed.splice(0)) resolve()
    this.#id = undefined
    this.#place = this.#settle()
  }

  #hear(told: FromHouse): void {
    this.#pulse.heard()
    switch (told.kind) {
      case 'found':
        if (this.#closed === undefined) this.#client.attach(messagePort(told.port))
        return
      case 'drives':
        this.#id = told.id
        if (told.id !== undefined) this.#preferred = told.id
        return
      case 'failed': {
        this.#options.onTrouble?.(told.error)
        const { kind = 'StorageFailed', message } = told.error
        // A page that has had a node goes on waiting for the next: its house tries again, or another tab's does.
        if (!this.#isOpen) this.#fail(new ClusterError(kind, message))
        return
      }
      case 'alive':
        return
      case 'trace':
        return this.#options.watcher?.onTrace(told.events)
      case 'disturbed':
        return this.#disturbed.shift()?.()
      case 'closed':
        return this.#houseClosed()
      default:
        told satisfies never
    }
  }

  #post(message: ToHouse): void {
    this.#place.house.postMessage(message)
  }

  // ---- What becomes of the page ------------------------------------------------------------------------------------

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
  watcher: _watcher,
  ...settings
}: KeeperOptions<Command, Result>): NodeSettings {
  return settings
}
