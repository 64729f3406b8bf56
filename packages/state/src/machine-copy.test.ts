/** One machine under the commands of a log. */
import { describe, expect, it } from 'vitest'
import type { Change, StateCommand } from './command.ts'
import { stateCommandCodec } from './command.ts'
import { defineMachine } from './definition.ts'
import type { Json } from './json.ts'
import { MachineCopy } from './machine-copy.ts'
import { ReplicatedMachines } from './replicated-machines.ts'

interface Todo {
  readonly id: string
  readonly text: string
  readonly done: boolean
}

const first = defineMachine({
  name: 'todos',
  version: 1,
  initial: [] as readonly Todo[],
  mutations: {
    add: (draft, text: string, call) => {
      draft.push({ id: call.newId(), text, done: false })
    },
    finish: (draft, id: string) => {
      const todo = draft.find(each => each.id === id)
      if (todo === undefined) throw new Error('no such todo')
      todo.done = true
    },
    shuffle: (draft, _: undefined, call) => {
      draft.sort(() => call.random() - 0.5)
    },
    clear: () => [],
    spoil: (draft, how: string) => {
      draft.push({ id: 'spoilt', text: how, done: false })
      const spoilt: Record<string, unknown> = { date: new Date(0), missing: undefined, number: Number.NaN, zero: -0 }
      Object.assign(draft.at(-1) ?? {}, { [how]: spoilt[how] })
    },
  },
})

interface Lists {
  readonly open: readonly Todo[]
  readonly done: readonly Todo[]
}

const second = defineMachine(
  {
    name: 'todos',
    version: 2,
    initial: { open: [], done: [] } as Lists,
    mutations: {
      add: (draft, text: string, call) => {
        draft.open.push({ id: call.newId(), text, done: false })
      },
    },
  },
  {
    previous: first,
    migrate: todos => ({ open: todos.filter(({ done }) => !done), done: todos.filter(({ done }) => done) }),
  },
)

const at = { index: 1, term: 1 }
let calls = 0
function command(name: string, args?: Json, more: Partial<StateCommand> = {}): StateCommand {
  return does({ kind: 'mutate', name, args }, more)
}
function does(what: Change, more: Partial<StateCommand> = {}): StateCommand {
  return { machine: 'todos', version: 1, id: `call-${++calls}`, by: 'me', now: 1_000, what, ...more }
}

describe('a machine', () => {
  it('changes by its mutations, and keeps the identity of what did not change', () => {
    const copy = new MachineCopy(first)
    copy.apply(command('add', 'milk'), 1)
    copy.apply(command('add', 'eggs'), 1)
    const before = copy.stateToShow()
    const eggs = Reflect.get(before, 1)
    copy.apply(command('finish', Reflect.get(before, 0).id), 1)
    expect(copy.stateToShow()).toMatchObject([{ text: 'milk', done: true }, { text: 'eggs' }])
    expect(Reflect.get(copy.stateToShow(), 1)).toBe(eggs)
    expect(before).toMatchObject([{ done: false }, { done: false }])
  })

  it('is untouched by a mutation that throws, gives a promise, or is not there', () => {
    const copy = new MachineCopy(first)
    copy.apply(command('add', 'milk'), 1)
    const before = copy.stateToShow()
    expect(() => copy.apply(command('finish', 'nothing'), 1)).toThrow('no such todo')
    expect(() => copy.apply(command('unheard'), 1)).toThrow('no mutation unheard')
    expect(() => copy.apply(command('toString'), 1)).toThrow('no mutation toString')
    expect(copy.stateToShow()).toBe(before)
  })

  it('refuses a state that is no JSON, with the place, and takes what JSON makes of the rest', () => {
    const copy = new MachineCopy(first)
    expect(() => copy.apply(command('spoil', 'date'), 1)).toThrow(/0\.date is a Date/)
    expect(() => copy.apply(command('spoil', 'number'), 1)).toThrow(/NaN/)
    copy.apply(command('spoil', 'missing'), 1)
    copy.apply(command('spoil', 'zero'), 1)
    const restored = new MachineCopy(first)
    restored.restore(JSON.parse(JSON.stringify(copy.stored())))
    expect(restored.stateToShow()).toStrictEqual(copy.stateToShow())
    expect(Reflect.get(copy.stateToShow(), 0)).not.toHaveProperty('missing')
  })

  it('draws the same ids and numbers on every node, and others at every call', () => {
    const log = [
      ...Array.from({ length: 20 }, (_, i) => command('add', `todo ${i}`)),
      command('shuffle'),
      command('shuffle'),
    ]
    const copies = [new MachineCopy(first), new MachineCopy(first)]
    for (const copy of copies)
      for (const each of log) copy.apply(stateCommandCodec.decode(stateCommandCodec.encode(each)), 1)
    expect(copies[0]?.stateToShow()).toStrictEqual(copies[1]?.stateToShow())
    const ids = new Set(Array.from({ length: 20 }, (_, i) => Reflect.get(copies[0]?.stateToShow() ?? [], i).id))
    expect(ids.size).toBe(20)
  })
})

describe('taking a change back', () => {
  it('leaves what others did, and can itself be seen in the log', () => {
    const copy = new MachineCopy(first)
    const milk = command('add', 'milk')
    copy.apply(milk, 1)
    const id: unknown = Reflect.get(copy.stateToShow(), 0).id
    const finish = command('finish', String(id))
    copy.apply(finish, 1)
    copy.apply(does({ kind: 'undo', of: finish.id }), 1)
    expect(copy.stateToShow()).toMatchObject([{ text: 'milk', done: false }])
    copy.apply(does({ kind: 'undo', of: milk.id }), 1)
    expect(copy.stateToShow()).toStrictEqual([])
    expect(() => copy.apply(does({ kind: 'undo', of: milk.id }), 1)).toThrow('not kept')
    expect(copy.history.map(({ what, isUndone }) => [what.kind, isUndone])).toEqual([
      ['mutate', true],
      ['mutate', true],
      ['undo', false],
      ['undo', false],
    ])
  })

  it('is refused when something else has changed the same since', () => {
    const copy = new MachineCopy(first)
    const milk = command('add', 'milk')
    copy.apply(milk, 1)
    copy.apply(command('add', 'eggs'), 1)
    expect(() => copy.apply(does({ kind: 'undo', of: milk.id }), 1)).toThrow('something else has changed')
    expect(copy.stateToShow()).toMatchObject([{ text: 'milk' }, { text: 'eggs' }])
  })
})

describe('a new version of a machine', () => {
  it('takes over at the same entry on every node, and shows its own shape before that', () => {
    const copy = new MachineCopy(second)
    copy.apply(command('add', 'milk'), 1)
    expect(copy.version).toBe(1)
    expect(copy.stateToShow()).toMatchObject({ open: [{ text: 'milk' }], done: [] })
    copy.apply(command('finish', String(Reflect.get(copy.stateToShow(), 'open')[0].id)), 1)
    copy.apply(does({ kind: 'migrate' }, { version: 2 }), 1)
    expect(copy.version).toBe(2)
    expect(copy.stateToShow()).toMatchObject({ open: [], done: [{ text: 'milk' }] })
  })

  it('switches a room also by its first mutation', () => {
    const copy = new MachineCopy(second)
    copy.apply(command('add', 'milk'), 1)
    copy.apply(command('add', 'eggs', { version: 2 }), 1)
    expect(copy.stateToShow()).toMatchObject({ open: [{ text: 'milk' }, { text: 'eggs' }] })
  })

  it('makes older code wait, which loses nothing, and goes on when newer code takes it up', () => {
    const old = new ReplicatedMachines([first])
    const log = [command('add', 'milk'), command('add', 'eggs', { version: 2 }), command('add', 'tea')]
    expect(log.map(each => old.apply(each, at))).toEqual(['applied', 'waiting', 'waiting'])
    expect(old.copy('todos').isOutdated).toBe(true)
    expect(old.copy('todos').stateToShow()).toMatchObject([{ text: 'milk' }])

    const reloaded = new ReplicatedMachines([second])
    reloaded.restore(old.snapshot())
    const straight = new ReplicatedMachines([second])
    for (const each of log) straight.apply(each, at)
    expect(reloaded.copy('todos').isOutdated).toBe(false)
    expect(reloaded.snapshot()).toEqual(straight.snapshot())
    expect(reloaded.copy('todos').stateToShow()).toMatchObject({
      open: [{ text: 'milk' }, { text: 'eggs' }, { text: 'tea' }],
    })
  })

  it('lets a change of the version before run by its name, when it comes after the switch', () => {
    const copy = new MachineCopy(second)
    copy.apply(does({ kind: 'migrate' }, { version: 2 }), 1)
    copy.apply(command('add', 'late'), 1)
    expect(copy.stateToShow()).toMatchObject({ open: [{ text: 'late' }] })
  })

  it('must follow the one before without a gap, by the same name', () => {
    const options = { name: 'todos', version: 4, initial: {}, mutations: {} }
    expect(() => defineMachine(options, { previous: second, migrate: () => ({}) })).toThrow('does not follow')
    expect(() =>
      defineMachine({ ...options, name: 'other', version: 3 }, { previous: second, migrate: () => ({}) }),
    ).toThrow('keeps its name')
  })
})

describe('a machine that some pages do not know', () => {
  it('waits there, and is in their snapshots for those who do', () => {
    const notes = defineMachine({
      name: 'notes',
      version: 1,
      initial: { text: '' },
      mutations: {
        write: (draft, text: string) => {
          draft.text = text
        },
      },
    })
    const without = new ReplicatedMachines([first])
    expect(without.apply(command('write', 'hello', { machine: 'notes' }), at)).toBe('waiting')
    without.apply(command('add', 'milk'), at)
    const both = new ReplicatedMachines([first, notes])
    both.restore(without.snapshot())
    expect(both.copy('notes').stateToShow()).toEqual({ text: 'hello' })
    expect(both.copy('todos').stateToShow()).toMatchObject([{ text: 'milk' }])
  })
})

describe('machines that are compared between nodes', () => {
  it('are the same whether a node has seen a refused first command or began with a snapshot after it', () => {
    const straight = new ReplicatedMachines([first])
    expect(() => straight.apply(command('finish', 'nothing'), at)).toThrow('no such todo')
    const restored = new ReplicatedMachines([first])
    restored.restore(straight.snapshot())
    expect(restored.comparable()).toEqual(straight.comparable())
  })

  it('are not compared while their code is older than the room’s', () => {
    const old = new ReplicatedMachines([first])
    old.apply(command('add', 'milk'), at)
    expect(old.comparable()).toEqual(old.snapshot())
    old.apply(command('add', 'eggs', { version: 2 }), at)
    expect(old.comparable()).toBe(undefined)
  })
})
