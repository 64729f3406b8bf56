import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { watchedRoomIn } from './address.ts'
import { checkTelling } from './told-telling.ts'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const applied = { type: 'applied', index: 3, node: 'a', at: 5 }

describe('what a node tells', () => {
  it('is taken as it is told, if it fits', () => {
    expect(checkTelling(bytes({ now: 7, isBeginning: true, events: [applied] }), 'a')).toEqual({
      now: 7,
      isBeginning: true,
      events: [applied],
    })
  })

  it('is left out where it is of another node, or is no event', () => {
    const events = [{ ...applied, node: 'b' }, { type: 'gossip' }, 7, null, applied]
    expect(checkTelling(bytes({ now: 7, events }), 'a')?.events).toEqual([applied])
  })

  it.each([
    undefined,
    null,
    [],
    'text',
    {},
    { now: 'noon', events: [] },
    { now: 1 },
    { now: 1, events: {} },
    { now: 1, events: Array(5_000).fill(applied) },
  ])('%j is none', value => {
    expect(checkTelling(bytes(value ?? null), 'a')).toBeUndefined()
  })

  it('is for any bytes and any JSON a telling or nothing, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map(text => new TextEncoder().encode(text)),
        ),
        any => {
          checkTelling(any, 'a')
        },
      ),
    )
  })
})

describe('the address of a room to watch', () => {
  afterEach(() => vi.unstubAllGlobals())
  const here = 'http://localhost:4173'
  const back = (text: string) => {
    vi.stubGlobal('location', new URL(`${here}/#/watch/`))
    return watchedRoomIn(new URLSearchParams({ room: 'r', back: text }).toString())?.back
  }

  it('names it as people call it, or else by the beginning of its name', () => {
    expect(watchedRoomIn('room=on-board_x&name=Boat+festival')).toMatchObject({
      room: 'on-board_x',
      name: 'Boat festival',
    })
    expect(watchedRoomIn('room=abcdefghijklmnopqrst')).toMatchObject({ name: 'abcdefghijkl' })
    for (const none of ['', 'room=', 'room=a/b', `room=${'x'.repeat(200)}`]) expect(watchedRoomIn(none)).toBeUndefined()
  })

  it('leads back to a page of this origin, and nowhere else', () => {
    expect(back('/board/#room=a&key=b')).toBe(`${here}/board/#room=a&key=b`)
    for (const text of ['https://example.com/', '//example.com', 'javascript:alert(1)', 'data:text/html,x', 'http://['])
      expect(back(text)).toBeUndefined()
  })
})
