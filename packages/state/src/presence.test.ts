/** Who is there, over a way that the test can break. */
import { manualClock } from '@flotilla/cluster'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { NotSerializable } from './json.ts'
import { EXPIRES_MS, MIN_INTERVAL_MS, Presence, type PresenceLink } from './presence.ts'

let clock = manualClock()
let pages: Page[] = []

class Page implements PresenceLink {
  readonly name: string
  readonly presence: Presence
  sent = 0
  private readonly told = new Set<(from: string, payload: Uint8Array) => void>()
  private readonly gone = new Set<(peer: string) => void>()

  /** Its window. */
  readonly window = new EventTarget()

  constructor(name: string) {
    this.name = name
    this.presence = new Presence({ link: this, clock, id: `page of ${name}`, page: this.window })
    pages.push(this)
  }

  tell(payload: Uint8Array): void {
    this.sent++
    for (const page of pages) page.hear(this.name, payload)
  }

  hear(from: string, payload: Uint8Array): void {
    for (const listener of this.told) listener(from, payload)
  }

  lose(peer: string): void {
    for (const listener of this.gone) listener(peer)
  }

  onTold(listener: (from: string, payload: Uint8Array) => void): () => void {
    this.told.add(listener)
    return () => this.told.delete(listener)
  }

  onGone(listener: (peer: string) => void): () => void {
    this.gone.add(listener)
    return () => this.gone.delete(listener)
  }

  get seen(): unknown[] {
    return this.presence.others.get().map(({ node, value }) => [node, value])
  }
}

beforeEach(() => {
  clock = manualClock()
  pages = []
})

describe('presence', () => {
  it('ends with its page, though the node lives on in another tab, and is there again when the page comes back', () => {
    const [one, two] = [new Page('one'), new Page('two')]
    one.presence.set('here')
    clock.advance(MIN_INTERVAL_MS)
    one.window.dispatchEvent(new Event('pagehide'))
    expect(two.seen).toEqual([])
    clock.advance(10_000)
    expect(two.seen).toEqual([])
    one.window.dispatchEvent(new Event('pageshow'))
    clock.advance(MIN_INTERVAL_MS)
    expect(two.seen).toEqual([['one', 'here']])
    one.presence.close()
    one.window.dispatchEvent(new Event('pageshow'))
    clock.advance(10_000)
    expect(two.seen).toEqual([])
  })

  it('is told soon to whoever comes later, and costs no more where it would be told anyway', () => {
    const one = new Page('one')
    one.presence.set('here')
    clock.advance(1_000)
    const late = new Page('late')
    late.presence.set('late')
    clock.advance(MIN_INTERVAL_MS + 300)
    expect(late.seen).toEqual([['one', 'here']])
    const { sent } = one
    clock.advance(2_000)
    expect(one.sent).toBe(sent)
  })

  it('is seen by the others, the latest value, however often it changes', () => {
    const [one, two] = [new Page('one'), new Page('two')]
    for (let x = 0; x < 100; x++) {
      one.presence.set({ x })
      clock.advance(1)
    }
    clock.advance(MIN_INTERVAL_MS)
    expect(two.seen).toEqual([['one', { x: 99 }]])
    expect(one.sent).toBeLessThanOrEqual(150 / MIN_INTERVAL_MS + 1)
    expect(one.seen).toEqual([])
  })

  it('reaches whoever comes later, and stays while it is the same', () => {
    const one = new Page('one')
    one.presence.set('here')
    clock.advance(100)
    const late = new Page('late')
    clock.advance(3_000)
    expect(late.seen).toEqual([['one', 'here']])
    clock.advance(60_000)
    expect(late.seen).toEqual([['one', 'here']])
  })

  it('is gone at once when its page closes or is lost, and after a while when it crashes', () => {
    const [one, two, three, four] = ['one', 'two', 'three', 'four'].map(name => new Page(name))
    for (const page of pages) page.presence.set(page.name)
    clock.advance(100)
    expect(four?.seen).toHaveLength(3)
    one?.presence.close()
    expect(four?.seen).toHaveLength(2)
    four?.lose('two')
    expect(four?.seen).toEqual([['three', 'three']])
    pages = pages.filter(page => page !== three)
    if (three) three.tell = () => undefined
    clock.advance(EXPIRES_MS)
    expect(four?.seen).toEqual([['two', 'two']])
    expect(two?.seen).toEqual([['four', 'four']])
  })

  it('is gone within a second of a close and ten of a crash, at whatever moment of its telling that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.boolean(), (after, isCrash) => {
        clock = manualClock()
        pages = []
        const [one, two] = [new Page('one'), new Page('two')]
        one.presence.set('here')
        clock.advance(100 + after)
        expect(two.seen).toEqual([['one', 'here']])
        if (isCrash) one.tell = () => undefined
        else one.presence.leave()
        clock.advance(isCrash ? 10_000 : 1_000)
        expect(two.seen).toEqual([])
      }),
    )
  })

  it('takes nothing that is not a small value of JSON, from nobody', () => {
    const [one, two] = [new Page('one'), new Page('two')]
    expect(() => one.presence.set({ when: new Date(0) })).toThrow(NotSerializable)
    expect(() => one.presence.set('x'.repeat(2_000))).toThrow(RangeError)
    for (const text of [
      '',
      'hello',
      '◉',
      '◉{',
      '◉[]',
      '◉[1,2]',
      '◉["",1]',
      `◉["a","${'x'.repeat(5_000)}"]`,
      '◉["a",{"__proto__":1}]',
    ])
      two.hear('one', new TextEncoder().encode(text))
    two.hear('one', Uint8Array.of(0xff, 0xfe))
    expect(two.seen).toEqual([])
    for (let i = 0; i < 1_000; i++) two.hear('one', new TextEncoder().encode(`◉["page ${i}",1]`))
    expect(two.seen).toHaveLength(128)
  })
})
