/** What of a store's change is sent. */
import { expect, it } from 'vitest'
import { placesOf, storeMachine } from './store-machine.ts'

const before = { a: 1, b: { c: [1, { x: 1 }], d: 2, e: 3 } }

it('sends of what was set only the places that are others', () => {
  expect(placesOf(before, { a: 1, b: { c: [1, { x: 2 }], d: 2 } }, before, before)).toEqual([
    { path: ['b', 'c'], value: [1, { x: 2 }] },
    { path: ['b', 'e'] },
  ])
  expect(placesOf(before, structuredClone(before), before, {})).toEqual([])
})

it('sends what the store began with once, with the first place within it, until the room has it', () => {
  expect(placesOf(before, { a: 2, b: { c: [], d: 2 } }, before, {})).toEqual([
    { path: ['a'], value: 2 },
    { path: ['b', 'c'], value: [], first: before.b },
    { path: ['b', 'e'] },
  ])
})

it('finds what JSON would make the same to be another, so that it is refused', () => {
  const at = new Date(0)
  expect(placesOf({ at: at.toJSON() }, { at }, {}, {})).toEqual([{ path: ['at'], value: at }])
  expect(placesOf({ at: null }, { at: Number.NaN }, {}, {})).toEqual([{ path: ['at'], value: Number.NaN }])
})

it('refuses a key that would change what an object is', () => {
  const odd: object = JSON.parse('{"b": {"__proto__": {"x": 1}}}')
  expect(() => placesOf({ b: {} }, odd, {}, {})).toThrow(/__proto__/)
})

it('keeps what a change was called with as it was', () => {
  const places = [
    { path: ['a', 'x'], value: 1, first: { y: 1 } },
    { path: ['b'], value: { y: 1 } },
    { path: ['b', 'x'], value: 2 },
  ]
  const kept = structuredClone(places)
  const draft = {}
  storeMachine('store').mutations.place(draft, places)
  expect(draft).toEqual({ a: { x: 1, y: 1 }, b: { x: 2, y: 1 } })
  expect(places).toEqual(kept)
})
