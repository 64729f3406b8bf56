/** What becomes of a change of a replicated store, on the page that makes it and on the others. */
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
