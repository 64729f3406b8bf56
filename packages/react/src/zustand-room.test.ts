/** How a replicated store comes to its room. */
import { expect, it } from 'vitest'
import { emptyPage, storeIn, storesRoom, turns } from './fixtures/stores.ts'

it('tells that the room’s data are there when they are, and not when its state is', async () => {
  const room = await storesRoom()
  const page = emptyPage(room, { title: 'shared' })
  const titles: string[] = []
  storeIn(page.state, { title: 'untitled' }, { onRehydrateStorage: ({ title }) => titles.push(title) })
  await turns()
  expect(titles).toEqual([])
  page.arrive()
  await turns()
  expect(titles).toEqual(['shared'])
  await room.close()
})

it('tells that the data of a room in which nothing was changed are there', async () => {
  const room = await storesRoom()
  const titles: string[] = []
  storeIn(room.state, { title: 'untitled' }, { onRehydrateStorage: ({ title }) => titles.push(title) })
  await expect.poll(() => titles).toEqual(['untitled'])
  await room.close()
})

it('is told nothing of a room that was closed before its data were there', async () => {
  const room = await storesRoom()
  await room.close()
  const told: unknown[] = []
  storeIn(
    room.state,
    { title: '' },
    { onRehydrateStorage: () => told.push('there'), onError: error => told.push(error) },
  )
  await turns()
  expect(told).toEqual([])
})

it('tells why there is no room, and goes on by itself', async () => {
  const told: unknown[] = []
  const failure = new Error('no room')
  const store = storeIn(Promise.reject(failure), { a: 0 }, { onError: error => told.push(error) })
  await turns()
  expect(told).toEqual([failure])
  store.setState({ a: 1 })
  expect(store.getState()).toEqual({ a: 1 })
})
