/** Whatever an application's own code does: it ends no node but by a reason, never the process, and does the same on every node. */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { Chronicle, type TestNode, TestRoom } from '../fixtures/room.ts'
import type { StateMachine } from '../machine.ts'
import { memoryDevice } from '../memory/memory-storage.ts'

let room: TestRoom
let shown: MockInstance

beforeEach(() => {
  shown = vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
  shown.mockRestore()
})

/** A room of three whose machines are made so; the nodes' `chronicle` stands idle. */
async function roomOf(machine: () => StateMachine<string, number>, raft = {}): Promise<TestRoom> {
  room = new TestRoom({ raft })
  await room.open('create', memoryDevice(), { machine: machine() })
  for (let i = 0; i < 2; i++) await room.open('join', memoryDevice(), { machine: machine() })
  await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'three voters agree')
  return room
}

const theOthers = (node: TestNode): readonly TestNode[] => room.nodes.filter(({ id }) => id !== node.id)

describe('apply', () => {
  it('that throws rejects the command to its proposer, with the name and message of the error', async () => {
    class NoMoney extends Error {
      override readonly name = 'NoMoney'
    }
    class Account extends Chronicle {
      override apply(): number {
        throw new NoMoney(`${'€'.repeat(2_000)}`)
      }
    }
    await roomOf(() => new Account())
    for (const node of room.nodes) {
      const refused = await room.done(room.write(node, 'pay').catch((error: unknown) => error))
      expect(refused).toMatchObject({ kind: 'Rejected', thrown: { name: 'NoMoney', message: '€'.repeat(341) } })
    }
  })

  it('that throws when it has changed something leaves every node with the same, also one that starts again', async () => {
    class Hasty extends Chronicle {
      override apply(command: string): number {
        super.apply(command)
        if (command.startsWith('bad')) throw new Error('too late')
        return 1
      }
    }
    const machines: Hasty[] = []
    const made = (): Hasty => {
      const machine = new Hasty()
      machines.push(machine)
      return machine
    }
    await roomOf(made, { snapshotThresholdEntries: 8 })
    const [first] = room.nodes
    if (first === undefined) throw new Error('no node')
    const lines = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? `bad ${i}` : `good ${i}`))
    for (const line of lines) await room.done(room.write(first, line).catch(() => undefined))
    first.cluster.crash()
    await room.done(first.cluster.restart())
    await room.until(() => machines.every(machine => machine.lines.length === lines.length), 'all have applied all')
    expect(machines.map(machine => machine.lines)).toEqual([lines, lines, lines])
  })

  // The promise went into the codec of results; what it rejected with ended the process.
  it('that is asynchronous is rejected on every node, and what its promise rejects with is shown', async () => {
    await roomOf(() => {
      const machine = new Chronicle()
      Reflect.set(machine, 'apply', () => Promise.reject(new Error('later')))
      return machine
    })
    const refused = room.done(room.write(room.mustLead(), 'a line'))
    await expect(refused).rejects.toMatchObject({ kind: 'Rejected', thrown: { name: 'AsynchronousApply' } })
    expect(shown).toHaveBeenCalled()
  })

  it('may keep and write on the bytes that it was given: they are not those of the log', async () => {
    class Scribbler extends Chronicle {
      override readonly command = {
        encode: (text: string) => new TextEncoder().encode(text),
        decode: (bytes: Uint8Array) => {
          const text = new TextDecoder().decode(bytes)
          bytes.fill(0)
          return text
        },
      }
    }
    const machines: Scribbler[] = []
    await roomOf(() => {
      machines.push(new Scribbler())
      return machines.at(-1) ?? new Scribbler()
    })
    await room.done(room.write(room.mustLead(), 'a line'))
    const late = new Scribbler()
    machines.push(late)
    await room.open('join', memoryDevice(), { machine: late })
    await room.until(() => machines.every(({ lines }) => lines.length === 1), 'all have applied it')
    expect(machines.map(({ lines }) => lines)).toEqual(machines.map(() => ['a line']))
  })

  it('is refused by the types when it is asynchronous', () => {
    // @ts-expect-error A promise of a result is no result.
    const asynchronous: StateMachine<string, number>['apply'] = async () => 1
    // @ts-expect-error Not even if all results were promises.
    const always: StateMachine<string, Promise<number>>['apply'] = async () => 1
    // @ts-expect-error Nor if there are none.
    const without: StateMachine<string, undefined>['apply'] = async () => undefined
    expect([asynchronous, always, without]).toHaveLength(3)
  })
})

describe('snapshot', () => {
  for (const [what, snapshot] of [
    [
      'that throws',
      () => {
        throw new Error('no memory')
      },
    ],
    ['that gives a text, which was zeros on disk,', () => 'state'],
  ] as const) {
    it(`${what} costs nothing but a longer log, and is asked for again later`, async () => {
      let isBroken = true
      const unwilling = (): Chronicle => {
        const machine = new Chronicle()
        const sound = machine.snapshot.bind(machine)
        Reflect.set(machine, 'snapshot', () => (machine.lines.length > 0 && isBroken ? snapshot() : sound()))
        return machine
      }
      await roomOf(unwilling, { snapshotThresholdEntries: 5 })
      const leader = room.mustLead()
      for (let i = 0; i < 20; i++) await room.done(room.write(leader, `line ${i}`))
      expect(room.nodes.map(({ cluster }) => cluster.status().state)).toEqual(['running', 'running', 'running'])
      expect(leader.trace).toContainEqual(expect.objectContaining({ type: 'refused', what: 'snapshot' }))
      expect(shown).toHaveBeenCalled()

      isBroken = false
      await room.pass(60_000)
      await room.done(room.write(leader, 'the last'))
      await room.until(() => leader.cluster.status().snapshotIndex > 20, 'the log is compacted')
      leader.cluster.crash()
      await room.done(leader.cluster.restart())
      expect((await room.done(room.write(leader, 'after'))).result).toBe(22)
    })
  }

  it('that throws before there is any state makes the node fail to open, and leaves its database free', async () => {
    room = new TestRoom()
    const device = memoryDevice()
    const machine = new Chronicle()
    machine.snapshot = () => {
      throw new Error('not yet')
    }
    await expect(room.open('open', device, { machine })).rejects.toMatchObject({ kind: 'MachineFailed' })
    await room.open('open', device)
  })
})

describe('restore', () => {
  it('that throws stops this node with a reason, and no other', async () => {
    room = new TestRoom({ raft: { snapshotThresholdEntries: 5 } })
    await room.settled(2)
    const leader = room.mustLead()
    for (let i = 0; i < 20; i++) await room.done(room.write(leader, `line ${i}`))
    class Older extends Chronicle {
      override restore(): void {
        throw new Error('of a later version')
      }
    }
    const late = await room.open('join', memoryDevice(), { machine: new Older() })
    await room.until(() => late.cluster.status().state === 'failed', 'it stops')
    expect(late.cluster.status().failure).toBe('MachineFailed')
    await expect(late.cluster.propose('a line')).rejects.toMatchObject({ kind: 'MachineFailed' })
    await expect(late.cluster.restart()).rejects.toMatchObject({ kind: 'MachineFailed' })
    expect((await room.done(room.write(leader, 'goes on'))).result).toBe(21)
    expect(theOthers(late).map(({ cluster }) => cluster.status().state)).toEqual(['running', 'running'])
  })
})

describe('a codec', () => {
  const withCommandCodec = (encode: () => unknown): Chronicle => {
    const machine = new Chronicle()
    return Object.assign(machine, { command: { ...machine.command, encode } })
  }

  for (const [what, encode] of [
    ['throws', () => JSON.parse('{')],
    ['gives a text', () => 'command'],
    ['gives an array of numbers', () => [1, 2]],
  ] as const) {
    it(`of commands that ${what} rejects that call, and nothing is sent`, async () => {
      room = new TestRoom()
      const only = await room.open('create', memoryDevice(), { machine: withCommandCodec(encode) })
      await room.until(() => room.leader() !== undefined, 'it leads')
      const { lastIndex } = only.cluster.status()
      await expect(room.write(only, 'a line')).rejects.toMatchObject({ kind: 'InvalidCommand' })
      expect(only.cluster.status().lastIndex).toBe(lastIndex)
    })
  }

  it('of results that throws on the way out rejects on every node, and on the way back says that the command took effect', async () => {
    const machine = new Chronicle()
    const result = { encode: machine.result.encode, decode: () => JSON.parse('{') }
    room = new TestRoom()
    const only = await room.open('create', memoryDevice(), { machine: Object.assign(machine, { result }) })
    await expect(room.done(room.write(only, 'a line'))).rejects.toMatchObject({ kind: 'ResultLost' })
    result.encode = () => JSON.parse('{')
    await expect(room.done(room.write(only, 'another'))).rejects.toMatchObject({ kind: 'Rejected' })
    expect(machine.lines).toEqual(['a line', 'another'])
  })
})

describe('a callback that throws, or rejects later,', () => {
  it('is shown, and hurts neither the node nor the process: onTrace, onFate, describe and every listener', async () => {
    room = new TestRoom()
    const thrown = (): never => {
      throw new Error('the application’s own')
    }
    const only = await room.open('create', memoryDevice(), { onTrace: thrown, describe: thrown })
    const rejecting = async (): Promise<void> => thrown()
    for (const name of ['leader', 'status', 'applied', 'observe', 'peer'] as const) {
      only.cluster.on(name, thrown)
      only.cluster.on(name, rejecting)
    }
    only.cluster.observe(new Uint8Array(1))
    expect(await room.done(only.cluster.propose('a line', { onFate: thrown }))).toMatchObject({ result: 1 })
    expect(only.cluster.status().state).toBe('running')
    expect(shown).toHaveBeenCalled()
  })
})

describe('options', () => {
  const senseless: unknown[] = [
    { timeoutMs: Number.NaN },
    { timeoutMs: -1 },
    { timeoutMs: Number.POSITIVE_INFINITY },
    { timeoutMs: '5' },
    { timeoutMs: null },
    { timeoutMs: 10n },
    { onFate: 'told' },
    { consistency: 'sequential' },
    null,
    5,
  ]

  // It threw, and the command was applied later all the same.
  it('that make no sense are refused before anything is sent', async () => {
    room = new TestRoom()
    const only = await room.open('create')
    await room.done(room.write(only, 'a session is open'))
    const { lastIndex } = only.cluster.status()
    for (const options of senseless) {
      const isForReads = typeof options === 'object' && options !== null && 'consistency' in options
      const isForWrites = typeof options === 'object' && options !== null && 'onFate' in options
      const refused = { kind: 'InvalidOptions' }
      if (!isForReads) await expect(only.cluster.propose('x', options as object)).rejects.toMatchObject(refused)
      if (!isForWrites) await expect(only.cluster.read(() => 1, options as object)).rejects.toMatchObject(refused)
    }
    await room.pass(1_000)
    expect(only.cluster.status().lastIndex).toBe(lastIndex)
    expect(only.chronicle.lines).toEqual(['a session is open'])
  })
})
