/**
 * What people are doing right now: a small value of each page (a pointer, a name, what is being dragged) that the others see
 * at once, and that is in no log and on no disk.
 */
import { type Cancel, type Clock, systemClock } from '@flotilla/cluster'
import { type Json, jsonCopy, sameJson } from './json.ts'
import type { Watchable } from './watchable.ts'

/** The way of such values: at most once each, and only while both are there. */
export interface PresenceLink {
  /** To all pages of the room in reach; it may come back to this one. */
  tell(payload: Uint8Array): void
  /** `node`: through which it came. The tabs of a browser may have one node. */
  onTold(listener: (node: string, payload: Uint8Array) => void): () => void
  /** A node closed, or cannot be reached any longer. */
  onGone(listener: (node: string) => void): () => void
}

export interface Present {
  /** The page. */
  readonly id: string
  /** The page's node. */
  readonly node: string
  readonly value: Json
  /** When it last said so, on this page's clock. Milliseconds. */
  readonly heardAt: number
}

export interface PresenceOptions {
  readonly link: PresenceLink
  readonly clock?: Clock
  /** Of this page, 1 to 64 characters; random by default. */
  readonly id?: string
  /** Says when the page goes (`pagehide`), and when it comes back as it was (`pageshow`): its node may live on in another tab. The window, where there is one. */
  readonly page?: EventTarget | undefined
  /** From 0 to 1. */
  readonly random?: () => number
}

/** A value is told at most so often. */
export const MIN_INTERVAL_MS = 50
/** And again so often while it stays the same, so that whoever comes later hears of it. */
const REPEAT_MS = 3_000
/** Whoever is new is told within this long. */
const GREET_WITHIN_MS = 300
/** Nobody who has said nothing for this long is there: a crash says nothing. */
export const EXPIRES_MS = 9_000
/** As JSON. What is longer than this, its bytes included, no client carries. */
const MAX_CHARACTERS = 900
const MAX_ID = 64
const MAX_PRESENT = 128
/** The first character of a payload that is one of ours: others use the same way. */
const MARK = '◉'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export class Presence {
  readonly others: Watchable<readonly Present[]>
  private readonly link: PresenceLink
  private readonly clock: Clock
  private readonly id: string
  private readonly random: () => number
  private readonly heard = new Map<string, Present>()
  private readonly listeners = new Set<(others: readonly Present[]) => void>()
  private readonly stops: readonly (() => void)[]
  private shown: readonly Present[] = []
  private mine: Json = null
  private toldAt = Number.NEGATIVE_INFINITY
  private nextTelling: Cancel | undefined = undefined
  private nextTellingAt = 0
  private nextExpiry: Cancel | undefined = undefined

  constructor({
    link,
    clock = systemClock(),
    id = crypto.randomUUID(),
    page = typeof window === 'undefined' ? undefined : window,
    random = Math.random,
  }: PresenceOptions) {
    this.link = link
    this.id = id
    this.clock = clock
    this.random = random
    const hide = (): void => this.hide()
    const appear = (): void => {
      if (this.mine !== null) this.tellAt(this.clock.now())
    }
    page?.addEventListener('pagehide', hide)
    page?.addEventListener('pageshow', appear)
    this.stops = [
      () => page?.removeEventListener('pagehide', hide),
      () => page?.removeEventListener('pageshow', appear),
      link.onTold((node, payload) => this.receive(node, payload)),
      link.onGone(node => {
        for (const present of [...this.heard.values()]) if (present.node === node) this.heard.delete(present.id)
        this.show()
      }),
    ]
    this.others = {
      get: () => this.shown,
      subscribe: listener => {
        this.listeners.add(listener)
        listener(this.shown)
        return () => this.listeners.delete(listener)
      },
    }
  }

  /** What the others see of this page from now on; `null` for nothing. @throws NotSerializable; RangeError beyond 900 characters of JSON */
  readonly set = (value: unknown): void => {
    const copy = jsonCopy(value)
    if (JSON.stringify(copy).length > MAX_CHARACTERS)
      throw new RangeError(`a presence has at most ${MAX_CHARACTERS} characters`)
    if (sameJson(copy, this.mine)) return
    this.mine = copy
    this.tellAt(Math.max(this.clock.now(), this.toldAt + MIN_INTERVAL_MS))
  }

  /** Says that this page is there no longer, until it says something else. */
  leave(): void {
    this.hide()
    this.mine = null
  }

  /** Says that this page is there no longer, and hears no more. */
  close(): void {
    this.leave()
    for (const stop of this.stops) stop()
    this.nextTelling?.()
    this.nextExpiry?.()
    this.heard.clear()
    this.show()
  }

  private hide(): void {
    this.nextTelling?.()
    this.nextTelling = undefined
    if (this.mine !== null) this.say(null)
  }

  private tellAt(at: number): void {
    this.nextTelling?.()
    this.nextTellingAt = at
    this.nextTelling = this.clock.setTimer(at, () => {
      this.nextTelling = undefined
      this.toldAt = this.clock.now()
      this.say(this.mine)
      if (this.mine !== null) this.tellAt(this.toldAt + REPEAT_MS)
    })
  }

  private say(value: Json): void {
    this.link.tell(encoder.encode(MARK + JSON.stringify([this.id, value])))
  }

  private receive(node: string, payload: Uint8Array): void {
    const told = decoded(payload)
    if (told === undefined || told.id === this.id) return
    const { id, value } = told
    const isNew = !this.heard.has(id)
    if (value === null) this.heard.delete(id)
    else if (!isNew || this.heard.size < MAX_PRESENT) {
      this.heard.set(id, { id, node, value, heardAt: this.clock.now() })
      if (isNew) this.greet()
    }
    this.show()
    this.expireLater()
  }

  /** Somebody is new here. Not all at once, and not again where it is told soon anyway. */
  private greet(): void {
    if (this.nextTelling === undefined) return
    const at = Math.max(this.clock.now() + this.random() * GREET_WITHIN_MS, this.toldAt + MIN_INTERVAL_MS)
    if (at < this.nextTellingAt) this.tellAt(at)
  }

  private expireLater(): void {
    const oldest = Math.min(...[...this.heard.values()].map(({ heardAt }) => heardAt))
    if (this.nextExpiry !== undefined || this.heard.size === 0) return
    this.nextExpiry = this.clock.setTimer(oldest + EXPIRES_MS, () => {
      this.nextExpiry = undefined
      const now = this.clock.now()
      for (const { id, heardAt } of [...this.heard.values()]) if (heardAt + EXPIRES_MS <= now) this.heard.delete(id)
      this.show()
      this.expireLater()
    })
  }

  private show(): void {
    this.shown = [...this.heard.values()]
    for (const listener of [...this.listeners]) listener(this.shown)
  }
}

/** `undefined`: it is none of ours, or no good. */
function decoded(payload: Uint8Array): { readonly id: string; readonly value: Json } | undefined {
  // Every character is at most four bytes, and whoever sends more is not heard out.
  if (payload.byteLength > (MAX_CHARACTERS + MAX_ID) * 4) return undefined
  try {
    const text = decoder.decode(payload)
    const told = text.startsWith(MARK) ? jsonCopy(JSON.parse(text.slice(MARK.length))) : undefined
    if (!Array.isArray(told)) return undefined
    const [id, value] = told
    const isPage = typeof id === 'string' && id.length >= 1 && id.length <= MAX_ID && value !== undefined
    return isPage ? { id, value } : undefined
  } catch {
    return undefined
  }
}
