/** What pages show while their changes are on the way, and what they agree on in the end. */
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { stateCommandCodec } from './command.ts'
import { defineMachine } from './definition.ts'
import { OneLog, Page } from './fixtures/one-log.ts'
import { NotSerializable } from './json.ts'
import type { Change } from './pending.ts'
import { SharedState } from './shared-state.ts'

interface Card {
  readonly title: string
  readonly column: string
}

const board = defineMachine({
  name: 'board',
  version: 1,
  initial: { cards: {} } as { readonly cards: Readonly<Record<string, Card>> },
  mutations: {
    add: (draft, { id, ...card }: Card & { readonly id: string }) => {
      if (Object.hasOwn(draft.cards, id)) throw new Error('there already')
      draft.cards[id] = card
    },
    move: (draft, { id, to }: { readonly id: string; readonly to: string }) => {
      const card = draft.cards[id]
      if (card === undefined) throw new Error('the card is gone')
      card.column = to
    },
    remove: (draft, id: string) => {
      delete draft.cards[id]
    },
    clear: draft => {
      draft.cards = {}
    },
  },
})

const card = (id: string, title = id): Card & { readonly id: string } => ({ id, title, column: 'open' })

function pages(count: number): readonly [OneLog, ...Page[]] {
  const log = new OneLog([board])
  return [log, ...Array.from({ length: count }, (_, i) => new Page(log, `page-${i + 1}`, [board]))]
}

function only<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing there')
  return value
}

describe('shared state', () => {
  it('shows a change at once, and says how far it has come', async () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    const change = shared.mutate.add(card('a'))
    expect(shared.current().cards).toHaveProperty('a')
    expect(shared.committed().cards).not.toHaveProperty('a')
    expect(change.progress).toBe('unsaved')
    only(page).save()
    await change.saved
    expect(change.progress).toBe('saved')
    only(page).reach()
    await change.sent
    expect(change.progress).toBe('sent')
    only(page).send()
    expect(await change.committed).toEqual({ index: 1, term: 1 })
    expect(shared.pending()).toEqual([change])
    only(page).receive()
    expect(await change.applied).toEqual({ index: 1, term: 1 })
    expect(change.progress).toBe('committed')
    expect(shared.pending()).toEqual([])
    expect(shared.committed()).toEqual(shared.current())
  })

  it('tells of a change in the order in which it happens to it', async () => {
    const [, page] = pages(1)
    const change = only(page).state.machine(board).mutate.add(card('a'))
    const told: string[] = []
    for (const what of ['applied', 'committed', 'sent', 'saved'] as const) change[what].then(() => told.push(what))
    only(page).save()
    only(page).send()
    only(page).receive()
    await change.applied
    expect(told).toEqual(['saved', 'sent', 'committed', 'applied'])
  })

  it('names the machine that the room’s program does not have', () => {
    const [, page] = pages(1)
    const forgotten = defineMachine({ name: 'forgotten', version: 1, initial: {}, mutations: {} })
    expect(() => only(page).state.machine(forgotten)).toThrow(
      expect.objectContaining({ kind: 'InvalidOptions', message: expect.stringMatching(/forgotten.*stateProgram/) }),
    )
  })

  it('is saved here again, and nowhere else, when what another node had of it was lost; and says so each time', () => {
    const [, page] = pages(1)
    const { state } = only(page)
    state.machine(board).mutate.add(card('a'))
    const seen: (readonly string[])[] = []
    state.onChanged(() => seen.push(state.pending().map(({ progress }) => progress)))
    const before = state.pending()
    only(page).reach()
    expect(state.pending()).not.toBe(before)
    expect(state.status.get()).toMatchObject({ pending: 1, sent: 1 })
    only(page).reach(false)
    only(page).reach(false)
    expect(state.status.get()).toMatchObject({ pending: 1, sent: 0 })
    expect(seen).toEqual([['sent'], ['saved']])
  })

  it('is sent at the latest when it is committed, and not when it is refused', async () => {
    const [, page, other] = pages(2)
    const change = only(page).state.machine(board).mutate.add(card('a'))
    const late = only(other).state.machine(board).mutate.add(card('a'))
    only(page).send()
    only(other).send()
    await change.sent
    await expect(late.sent).rejects.toMatchObject({ kind: 'Rejected' })
  })

  it('is among the failures when the log refuses it, or the page at once', async () => {
    const [, page, other] = pages(2)
    only(page).state.machine(board).mutate.add(card('a'))
    const { state } = only(other)
    const shared = state.machine(board)
    const late = shared.mutate.add(card('a'))
    const atOnce = shared.mutate.move({ id: 'nowhere', to: 'done' })
    expect(state.failures.get().map(({ id }) => id)).toEqual([atOnce.id])
    only(page).send()
    only(other).send()
    await expect(late.committed).rejects.toMatchObject({ kind: 'Rejected' })
    expect(state.failures.get().map(({ id }) => id)).toEqual([atOnce.id, late.id])
    for (const failure of state.failures.get()) await state.failures.dismiss(failure)
    expect(state.failures.get()).toEqual([])
  })

  it('never shows a change twice, nor for a moment not at all, while it becomes committed', () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    const seen: number[] = []
    shared.subscribe(
      state => Object.keys(state.cards).length,
      count => seen.push(count),
    )
    for (const id of ['a', 'b', 'c']) shared.mutate.add(card(id))
    for (let i = 0; i < 3; i++) {
      only(page).send(1)
      only(page).receive(1)
    }
    expect(seen).toEqual([0, 1, 2, 3])
  })

  it('runs pending changes anew on what others did first, and tells of one that no longer can', async () => {
    const [, one, two] = pages(2)
    const [first, second] = [only(one).state.machine(board), only(two).state.machine(board)]
    first.mutate.add(card('a'))
    only(one).send()
    only(two).receive()
    const move = second.mutate.move({ id: 'a', to: 'done' })
    const rename = second.mutate.add(card('b'))
    first.mutate.remove('a')
    only(one).send()
    only(two).receive()
    expect(second.current().cards).toEqual({ b: { title: 'b', column: 'open' } })
    only(two).send()
    only(two).receive()
    await expect(move.committed).rejects.toMatchObject({ kind: 'Rejected' })
    await rename.applied
    expect(move.progress).toBe('rejected')
    expect(second.pending()).toEqual([])
    only(one).receive()
    expect(first.current()).toEqual(second.current())
  })

  it('rejects at the call what cannot run on what is shown, with what the mutation threw, and sends nothing', async () => {
    const [log, page] = pages(1)
    const shared = only(page).state.machine(board)
    const change = shared.mutate.move({ id: 'nothing', to: 'done' })
    await expect(change.committed).rejects.toMatchObject({ kind: 'Rejected', thrown: { message: 'the card is gone' } })
    only(page).send()
    expect(log.entries).toEqual([])
  })

  it('refuses arguments that cannot be sent, with the path of the offender', () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    const late = { ...card('a'), due: { date: new Date(0) } }
    expect(() => shared.mutate.add(late)).toThrow(NotSerializable)
    expect(() => shared.mutate.add(late)).toThrow('due.date is a Date')
    const endless: Record<string, unknown> = {}
    endless.self = endless
    expect(() => shared.mutate.add({ ...card('a'), ...endless })).toThrow('a cycle?')
  })

  it('takes a mutation without an argument as a listener, and no event in the place of an argument', () => {
    const [log, page] = pages(1)
    const { mutate, current } = only(page).state.machine(board)
    mutate.add(card('a'))
    const button = new EventTarget()
    button.addEventListener('click', mutate.clear)
    button.dispatchEvent(new Event('click'))
    expect(current().cards).toEqual({})
    only(page).send()
    expect(log.entries.map(entry => stateCommandCodec.decode(entry).what)).toMatchObject([{}, { args: undefined }])
    expect(() => Reflect.apply(mutate.remove, undefined, [new Event('click')])).toThrow('the value itself is a Event')
  })

  it('leaves the arguments to their owner', () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    const args = { ...card('a') }
    shared.mutate.add(args)
    args.title = 'another'
    expect(shared.current().cards.a?.title).toBe('a')
  })

  it('takes back no older change instead of one that is too long to be taken back', async () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    shared.mutate.add(card('short'))
    expect(shared.canUndo()).toBe(true)
    shared.mutate.add(card('long', 'x'.repeat(9_000)))
    expect(shared.canUndo()).toBe(false)
    const undo = only(shared.undo())
    expect(undo.progress).toBe('rejected')
    await expect(undo.committed).rejects.toMatchObject({ kind: 'Rejected', thrown: { name: 'NothingToUndo' } })
    expect(Object.keys(shared.current().cards)).toEqual(['short', 'long'])
  })

  it('says that an undo would be refused, and tells of it once, when somebody has pushed to the same array', () => {
    const list = defineMachine({
      name: 'list',
      version: 1,
      initial: [] as readonly string[],
      mutations: {
        add: (draft, text: string) => {
          draft.push(text)
        },
        pop: draft => {
          draft.pop()
        },
      },
    })
    const log = new OneLog([list])
    const [one, two] = [new Page(log, 'one', [list]), new Page(log, 'two', [list])]
    const [first, second] = [one.state.machine(list), two.state.machine(list)]
    first.mutate.add('mine')
    one.send()
    one.receive()
    expect(first.canUndo()).toBe(true)
    two.receive()
    second.mutate.add('theirs')
    two.send()
    one.receive()
    expect(first.canUndo()).toBe(false)
    for (let press = 0; press < 3; press++) expect(only(first.undo()).progress).toBe('rejected')
    expect(one.state.failures.get()).toMatchObject([{ error: { thrown: { name: 'ChangedSince' } } }])
    second.mutate.pop()
    two.send()
    one.receive()
    expect(first.canUndo()).toBe(true)
    expect(only(first.undo()).progress).not.toBe('rejected')
    expect(first.current()).toEqual([])
  })

  it('takes back what was changed before a change that changed nothing', () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    shared.mutate.remove('nobody')
    expect([shared.canUndo(), shared.undo()]).toEqual([false, undefined])
    shared.mutate.add(card('a'))
    shared.mutate.move({ id: 'a', to: 'open' })
    expect(shared.canUndo()).toBe(true)
    expect(only(shared.undo()).progress).not.toBe('rejected')
    expect(shared.current().cards).toEqual({})
  })

  it('takes back its own last change, not another page’s', async () => {
    const [, one, two] = pages(2)
    const [first, second] = [only(one).state.machine(board), only(two).state.machine(board)]
    first.mutate.add(card('mine'))
    only(one).send()
    only(two).receive()
    second.mutate.add(card('theirs'))
    only(two).send()
    only(one).receive()
    const undo = only(first.undo())
    expect(Object.keys(first.current().cards)).toEqual(['theirs'])
    only(one).send()
    only(one).receive()
    await undo.applied
    expect(first.undo()).toBeUndefined()
    only(two).receive()
    expect(second.current()).toEqual(first.current())
  })

  it('shows a change once, too, that comes back inside a snapshot', async () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    const change = shared.mutate.add(card('a'))
    const later = shared.mutate.add(card('b'))
    only(page).send(1)
    await change.committed
    only(page).receiveSnapshot()
    await change.applied
    expect(shared.pending()).toEqual([later])
    expect(Object.keys(shared.current().cards)).toEqual(['a', 'b'])
  })

  it('knows what its mutations take', () => {
    const [, page] = pages(1)
    const { mutate } = only(page).state.machine(board)
    expectTypeOf(mutate.add).parameters.toEqualTypeOf<[Card & { readonly id: string }]>()
    expectTypeOf(mutate.clear).parameters.toEqualTypeOf<[]>()
    expectTypeOf(mutate.remove).returns.toEqualTypeOf<Change>()
    // @ts-expect-error a number is no id
    mutate.remove(1)
  })

  it('shows a change once that an earlier page left and that the log showed before the state was made', async () => {
    const log = new OneLog([board])
    const old = new Page(log, 'old', [board])
    const { what } = old.state.machine(board).mutate.add(card('a'))
    old.send()
    const fresh = new Page(log, 'new', [board])
    fresh.receive()
    const state = new SharedState({ machines: fresh.machines, node: fresh })
    const placed = { index: 1, term: 1 }
    const left = { machine: 'board', version: 1, id: 'old-1', by: 'old', now: 1_000, what }
    await state.adopt(left, { saved: Promise.resolve(), committed: Promise.resolve(placed) }, true).committed
    expect(state.pending()).toEqual([])
    expect(Object.keys(state.machine(board).current().cards)).toEqual(['a'])
  })

  it('keeps the identity of what did not change, also before anything has', () => {
    const [, page] = pages(1)
    const shared = only(page).state.machine(board)
    expect(shared.current()).toBe(shared.current())
    shared.mutate.add(card('a'))
    only(page).send()
    only(page).receive()
    const { a } = shared.current().cards
    shared.mutate.add(card('b'))
    expect(shared.current().cards.a).toBe(a)
    only(page).send()
    only(page).receive()
    expect(shared.current().cards.a).toBe(a)
  })
})

describe('a room whose pages are loaded anew one by one', () => {
  const counted = defineMachine(
    {
      name: 'board',
      version: 2,
      initial: { cards: {}, moves: 0 } as { readonly cards: Readonly<Record<string, Card>>; readonly moves: number },
      mutations: {
        add: (draft, { id, ...added }: Card & { readonly id: string }) => {
          draft.cards[id] = added
        },
        move: (draft, { id, to }: { readonly id: string; readonly to: string }) => {
          Object.assign(only(draft.cards[id]), { column: to })
          draft.moves++
        },
      },
    },
    { previous: board, migrate: ({ cards }) => ({ cards, moves: 0 }) },
  )

  it('goes over to the new version also where the page had come to the log’s end before its state was made', () => {
    const log = new OneLog([board])
    const old = new Page(log, 'old', [board])
    old.state.machine(board).mutate.add(card('a'))
    old.send()
    const fresh = new Page(log, 'new', [counted])
    fresh.receive()
    fresh.send()
    const { length } = log.entries
    new SharedState({ machines: fresh.machines, node: fresh, newId: () => 'late' })
    fresh.send()
    expect(log.entries).toHaveLength(length + 1)
  })

  it('goes over to the new version once, and tells the older pages', () => {
    const log = new OneLog([board])
    const old = new Page(log, 'old', [board])
    const fresh = new Page(log, 'new', [counted])
    const before = old.state.machine(board)
    before.mutate.add(card('a'))
    old.send()
    fresh.receive()
    expect(fresh.state.machine(counted).current()).toEqual({ cards: { a: { title: 'a', column: 'open' } }, moves: 0 })
    fresh.send()
    fresh.receive()
    fresh.state.machine(counted).mutate.move({ id: 'a', to: 'done' })
    fresh.send()
    fresh.receive()
    old.receive()
    expect(old.state.outdated()).toEqual(['board'])
    expect(before.current().cards.a?.column).toBe('open')
    expect(fresh.state.outdated()).toEqual([])
    expect(fresh.state.machine(counted).current()).toMatchObject({ cards: { a: { column: 'done' } }, moves: 1 })
    expect(log.entries).toHaveLength(3)

    const reloaded = new Page(log, 'reloaded', [counted])
    reloaded.receiveSnapshot()
    expect(reloaded.state.machine(counted).current()).toEqual(fresh.state.machine(counted).current())
  })
})

describe('pages that edit, part and meet again', () => {
  const step = fc.record({
    page: fc.nat(2),
    what: fc.constantFrom('add', 'move', 'remove', 'undo', 'send', 'send one', 'receive', 'receive one', 'snapshot'),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    to: fc.constantFrom('open', 'doing', 'done'),
  })

  it('show the same in the end; every change is there once, or was rejected', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        const [log, ...all] = pages(3)
        const changes: Change[] = []
        for (const { page, what, id, to } of steps) {
          const acting = only(all[page])
          const shared = acting.state.machine(board)
          if (what === 'add') changes.push(shared.mutate.add(card(id, `${id} of ${page}`)))
          else if (what === 'move') changes.push(shared.mutate.move({ id, to }))
          else if (what === 'remove') changes.push(shared.mutate.remove(id))
          else if (what === 'undo') changes.push(...[shared.undo()].filter(change => change !== undefined))
          else if (what === 'send') acting.send()
          else if (what === 'send one') acting.send(1)
          else if (what === 'receive') acting.receive()
          else if (what === 'receive one') acting.receive(1)
          else acting.receiveSnapshot()
        }
        for (const page of all) page.send()
        for (const page of all) page.receive()
        const ends = await Promise.allSettled(changes.map(change => change.applied))
        const committed = ends.filter(({ status }) => status === 'fulfilled')
        expect(changes.filter(({ progress }) => progress === 'committed')).toHaveLength(committed.length)
        expect(changes.filter(({ progress }) => progress === 'rejected')).toHaveLength(ends.length - committed.length)
        const indexes = ends.flatMap(end => (end.status === 'fulfilled' ? [end.value.index] : []))
        expect(new Set(indexes).size).toBe(indexes.length)
        for (const page of all) {
          expect(page.state.pending()).toEqual([])
          expect(page.state.machine(board).current()).toStrictEqual(only(all[0]).state.machine(board).current())
          expect(page.machines.snapshot()).toEqual(log.node.snapshot())
        }
      }),
      { numRuns: 100 },
    )
  })
})
