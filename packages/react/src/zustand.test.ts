/** Zustand stores of several pages, on one room. */
import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { oneNodeRoom } from './fixtures/one-node-room.ts'
import { replicate, storeMachine } from './zustand.ts'

interface Notes {
  readonly title: string
  readonly notes: Readonly<Record<string, { readonly text: string; readonly tags: readonly string[] }>>
  readonly rename: (title: string) => void
  readonly note: (id: string, text: string) => void
  readonly forget: (id: string) => void
}

async function pages(count: number) {
  const room = await oneNodeRoom(storeMachine('notes'))
  const stores = Array.from({ length: count }, () =>
    createStore<Notes>()(
      replicate(
        set => ({
          title: 'untitled',
          notes: {},
          rename: title => set({ title }),
          note: (id, text) => set(({ notes }) => ({ notes: { ...notes, [id]: { text, tags: [] } } })),
          forget: id => set(({ notes: { [id]: _, ...notes } }) => ({ notes })),
        }),
        { name: 'notes', state: room.state },
      ),
    ),
  )
  await Promise.resolve()
  return { room, stores }
}

describe('a replicated zustand store', () => {
  it('has what another page set, keeps its own functions, and shows its own changes at once', async () => {
    const { room, stores } = await pages(2)
    const [one, two] = stores
    one?.getState().rename('shared')
    expect(one?.getState().title).toBe('shared')
    two?.getState().note('n1', 'first')
    await expect.poll(() => room.state.pending().length).toBe(0)
    for (const store of stores) {
      expect(store.getState().title).toBe('shared')
      expect(store.getState().notes).toEqual({ n1: { text: 'first', tags: [] } })
    }
    two?.getState().forget('n1')
    await expect.poll(() => one?.getState().notes).toEqual({})
    await room.close()
  })

  it('sends what was set before the room was there', async () => {
    const { room, stores } = await pages(1)
    let open: (state: typeof room.state) => void = () => undefined
    const early = createStore<{ readonly title: string }>()(
      replicate(() => ({ title: 'untitled' }), {
        name: 'notes',
        state: new Promise(resolve => {
          open = resolve
        }),
      }),
    )
    early.setState({ title: 'early' })
    expect(stores[0]?.getState().title).toBe('untitled')
    open(room.state)
    await expect.poll(() => stores[0]?.getState().title).toBe('early')
    await room.close()
  })
})
