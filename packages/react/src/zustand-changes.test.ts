/** What becomes of a change of a replicated store, on the page that makes it and on the others. */
import { NotSerializable } from '@flotilla/state'
import { expect, it } from 'vitest'
import { emptyPage, storeIn, storesRoom, turns, twoStores } from './fixtures/stores.ts'

const settings = { settings: { theme: 'dark', size: 12 } as { theme?: string; size?: number } }

it('keeps what the store began with beside what is changed within it', async () => {
  const { room, one, two } = await twoStores(settings)
  one.setState({ settings: { theme: 'light', size: 12 } })
  await expect.poll(() => room.state.pending().length).toBe(0)
  const late = storeIn(room.state, settings)
  await turns()
  for (const store of [one, two, late]) expect(store.getState()).toEqual({ settings: { theme: 'light', size: 12 } })
  await room.close()
})

it('removes one of the things that the store began with, and only that', async () => {
  const { room, one, two } = await twoStores(settings)
  one.setState({ settings: { size: 12 } })
  await expect.poll(() => room.state.pending().length).toBe(0)
  for (const store of [one, two]) expect(store.getState()).toEqual({ settings: { size: 12 } })
  two.setState({ settings: { size: 13 } })
  await expect.poll(() => one.getState()).toEqual({ settings: { size: 13 } })
  await room.close()
})

it('lets two pages that are the first to change something within both have their way', async () => {
  const room = await storesRoom()
  const page = emptyPage(room, {})
  const [here, there] = [storeIn(room.state, settings), storeIn(page.state, settings)]
  await turns()
  here.setState({ settings: { theme: 'light', size: 12 } })
  // This page has not heard of that.
  there.setState({ settings: { theme: 'dark', size: 13 } })
  await expect.poll(() => here.getState()).toEqual({ settings: { theme: 'light', size: 13 } })
  await room.close()
})

it('does not bring back what the room has long changed with what was set before the room was there', async () => {
  const room = await storesRoom()
  const here = storeIn(room.state, settings)
  await turns()
  here.setState({ settings: { size: 99 } })
  await expect.poll(() => room.state.pending().length).toBe(0)
  const early = storeIn(Promise.resolve(room.state), settings)
  early.setState({ settings: { theme: 'dark', size: 13 } })
  early.setState({ settings: { theme: 'light', size: 13 } })
  await expect.poll(() => here.getState()).toEqual({ settings: { theme: 'light', size: 13 } })
  expect(early.getState()).toEqual(here.getState())
  await room.close()
})

it('keeps a change whose listener makes another', async () => {
  const { room, one, two } = await twoStores({ a: 1, double: 2 })
  const heard: unknown[] = []
  one.subscribe(({ a, double }) => {
    heard.push([a, double])
    if (double !== a * 2) one.setState({ double: a * 2 })
  })
  one.setState({ a: 5 })
  expect(one.getState()).toEqual({ a: 5, double: 10 })
  await expect.poll(() => room.state.pending().length).toBe(0)
  for (const store of [one, two]) expect(store.getState()).toEqual({ a: 5, double: 10 })
  expect(heard.slice(0, 2)).toEqual([
    [5, 2],
    [5, 10],
  ])
  await room.close()
})

it('keeps a change that another store of the page answers with one of its own', async () => {
  const room = await storesRoom()
  const begun = { a: 1, double: 2, local: '' }
  const shown = ({ a, double }: typeof begun) => ({ a, double }) as typeof begun
  const other = storeIn(room.state, begun, { partialize: shown })
  const store = storeIn(room.state, begun, { partialize: shown })
  await turns()
  // It hears of the room before the store that has changed it does.
  other.subscribe(({ a }) => store.setState({ double: a * 2, local: `was set with ${a}` }))
  store.setState({ a: 5 })
  expect(store.getState()).toEqual({ a: 5, double: 10, local: 'was set with 5' })
  await room.close()
})

it('refuses what becomes undefined, and shows none of it', async () => {
  const { room, one, two } = await twoStores({ selected: 'first' as string | undefined, n: 0 })
  expect(() => one.setState({ selected: undefined, n: 1 })).toThrow(NotSerializable)
  one.setState({ selected: 'second' })
  expect(() => one.setState({ selected: undefined })).toThrow('selected is undefined')
  await expect.poll(() => room.state.pending().length).toBe(0)
  for (const store of [one, two]) expect(store.getState()).toEqual({ selected: 'second', n: 0 })
  await room.close()
})

it('takes a property that is left out back to what it was in the beginning, on all pages', async () => {
  const { room, one, two } = await twoStores<Record<string, number>>({ n: 0 })
  one.setState({ n: 1, more: 2 })
  one.setState({ n: 1 }, true)
  await expect.poll(() => room.state.pending().length).toBe(0)
  for (const store of [one, two]) expect(store.getState()).toStrictEqual({ n: 1 })
  two.setState({}, true)
  await expect.poll(() => room.state.pending().length).toBe(0)
  for (const store of [one, two]) expect(store.getState()).toStrictEqual({ n: 0 })
  await room.close()
})

it('refuses what cannot be sent, with the room and before it is there, and goes on', async () => {
  const room = await storesRoom()
  const begun = { when: null as Date | string | null, within: { count: 0 as number | bigint }, a: 0 }
  const early = storeIn(Promise.resolve(room.state), begun)
  const refuses = (): void => {
    expect(() => early.setState({ when: new Date(0) })).toThrow(/^when is a Date,/)
    expect(() => early.setState({ within: { count: 1n } })).toThrow(
      /^within.count is a bigint, which cannot be sent to other nodes$/,
    )
    expect(() => early.setState({ within: { count: Number.NaN } })).toThrow(NotSerializable)
    expect(early.getState()).toMatchObject({ when: null, within: { count: 0 } })
  }
  refuses()
  early.setState({ a: 1 })
  await turns()
  expect(early.getState().a).toBe(1)
  refuses()
  const other = storeIn(room.state, begun)
  await expect.poll(() => other.getState().a).toBe(1)
  other.setState({ a: 2 })
  expect(early.getState()).toEqual({ when: null, within: { count: 0 }, a: 2 })
  await room.close()
})

it('says where in the store it is what cannot be sent, also of what the store began with', async () => {
  const { room, one } = await twoStores<object>({ within: { list: [0], at: new Date(0) } })
  expect(() => one.setState({ within: { list: [0, [undefined]], at: null } })).toThrow(
    /^within.list\[1\]\[0\] is undefined/,
  )
  expect(() => one.setState({ within: { list: [1], at: null } })).toThrow(/^within.at is a Date/)
  await room.close()
})

it('shares nothing of a change of what is not shared', async () => {
  const room = await storesRoom()
  const store = storeIn(room.state, { mine: 0, ours: 0 }, { partialize: ({ ours }) => ({ ours }) as never })
  await turns()
  store.setState({ mine: 1 })
  expect(store.getState()).toEqual({ mine: 1, ours: 0 })
  expect(room.state.pending()).toEqual([])
  await room.close()
})
