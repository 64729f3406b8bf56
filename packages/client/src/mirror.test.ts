import { manualClock } from '@flotilla/cluster'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Client } from './client.ts'
import { memoryPorts } from './fixtures/memory-ports.ts'
import { Lines } from './fixtures/served-room.ts'
import { FollowedMachine } from './followed-machine.ts'
import { type ServedNode, serve } from './serve.ts'

/** A node as far as its state goes: it applies what the test says, and may start again from a snapshot. */
class Node {
  readonly log: (string | undefined)[] = []
  readonly machine = new FollowedMachine(new Lines(), 300)
  private readonly blank = this.machine.snapshot()
  private taken = { index: 0, bytes: this.blank }
  private lastApplied = 0
  private readonly listeners = new Set<() => void>()

  /** `undefined`: an entry that is no command. */
  append(line: string | undefined): void {
    this.log.push(line)
    this.catchUp()
  }

  compact(): void {
    this.taken = { index: this.lastApplied, bytes: this.machine.snapshot() }
  }

  /** Begins with its snapshot, and applies the rest of its log only later. */
  restart(): void {
    this.machine.restore(this.taken.bytes)
    this.lastApplied = this.taken.index
    this.tell()
  }

  catchUp(): void {
    while (this.lastApplied < this.log.length) {
      const line = this.log[this.lastApplied++]
      if (line === undefined) continue
      const { machine } = this
      machine.apply(machine.command.decode(machine.command.encode(line)), { index: this.lastApplied, term: 1 })
    }
    this.tell()
  }

  get lines(): string[] {
    return this.log.filter(line => line !== undefined)
  }

  get served(): ServedNode {
    const refuse = (): never => {
      throw new Error('not asked for here')
    }
    return {
      status: () => ({
        id: 'node',
        clusterId: undefined,
        state: 'running',
        role: 'leader',
        term: 1,
        leader: 'node',
        commitIndex: this.log.length,
        lastApplied: this.lastApplied,
        members: [],
        failure: undefined,
        waitingFor: undefined,
      }),
      on: (name, listener) => {
        if (name !== 'status') return () => false
        const entry = (): void => Reflect.apply(listener, undefined, [undefined])
        this.listeners.add(entry)
        return () => this.listeners.delete(entry)
      },
      forward: refuse,
      read: refuse,
      resign: refuse,
      transferLeadership: refuse,
      forceNewCluster: refuse,
      setVisible: refuse,
      observe: refuse,
      watch: refuse,
    }
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener()
  }
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await Promise.resolve()
}

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), size: fc.nat(80) }) },
    { weight: 2, arbitrary: fc.constant({ do: 'noop' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'compact' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
    { weight: 2, arbitrary: fc.constant({ do: 'attach' as const }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(12) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(30) }) },
  ),
  { maxLength: 80 },
)

describe('the copy of a state', () => {
  it('is always the state at some index, never goes back, and comes to where its node is', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async drawn => {
        const node = new Node()
        const machine = new Lines()
        const clock = manualClock()
        const client = new Client({ machine, clock })
        let length = 0
        let reached = 0
        client.on('applied', ({ index }) => {
          expect(index).toBeGreaterThan(reached)
          reached = index
          expect(machine.lines).toEqual(node.lines.slice(0, machine.lines.length))
          expect(machine.lines.length).toBeGreaterThanOrEqual(length)
          length = machine.lines.length
        })
        let detach = (): void => {}
        const attach = (): void => {
          detach()
          const [here, there] = memoryPorts()
          detach = serve(node.served, node.machine, there, { clock })
          client.attach(here)
        }
        for (const [i, step] of drawn.entries()) {
          if (step.do === 'append') node.append(`${i} ${'x'.repeat(step.size)}`)
          else if (step.do === 'noop') node.append(undefined)
          else if (step.do === 'compact') node.compact()
          else if (step.do === 'restart') node.restart()
          else if (step.do === 'attach') attach()
          else if (step.do === 'pass') clock.advance(step.ms)
          else await turns(step.turns)
        }
        attach()
        node.catchUp()
        for (let i = 0; i < 3; i++) {
          await turns(60)
          clock.advance(20)
        }
        await turns(60)
        expect(machine.lines).toEqual(node.lines)
        expect(reached).toBe(node.log.length)
        client.close()
        detach()
      }),
    )
  })
})
