/** What came to nothing is told until somebody has seen it. */
import { ClusterError } from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import type { StateCommand } from './command.ts'
import { Failures, type Leftovers } from './failures.ts'

const command = (id: string): StateCommand => ({
  machine: 'board',
  version: 1,
  id,
  by: 'Lena',
  now: 0,
  what: { kind: 'mutate', name: 'add', args: id },
})
const rejected = new ClusterError('Rejected', 'too late')

function outbox(...ids: readonly string[]) {
  const expired = new ClusterError('SessionExpired', 'gone')
  let lost: ReturnType<Leftovers['lost']> = ids.map(id => ({ id, command: command(id), error: expired }))
  const listeners = new Map<string, (event: never) => void>()
  const tell = (name: string, event?: unknown): void => listeners.get(name)?.(event as never)
  const leftovers: Leftovers = {
    lost: () => lost,
    dismiss: async id => {
      lost = lost.filter(each => each.id !== id)
      tell('changed')
    },
    on: (name, listener) => {
      listeners.set(name, listener)
      return () => listeners.delete(name)
    },
  }
  return {
    leftovers,
    lose: (id: string, error = expired) => {
      lost = [...lost, { id, command: command(id), error }]
      tell('changed')
    },
  }
}

const kinds = (failures: Failures): readonly string[] => failures.get().map(({ id, error }) => `${id} ${error.kind}`)

describe('failures', () => {
  it('are what the outbox lost, of earlier pages too, until they are dismissed there', async () => {
    const { leftovers, lose } = outbox('of last week')
    const failures = new Failures(leftovers)
    expect(kinds(failures)).toEqual(['of last week SessionExpired'])
    const before = failures.get()
    lose('of now')
    expect(kinds(failures)).toEqual(['of last week SessionExpired', 'of now SessionExpired'])
    expect(failures.get()[0]).toBe(before[0])
    const [first] = failures.get()
    if (first !== undefined) await failures.dismiss(first)
    expect(kinds(failures)).toEqual(['of now SessionExpired'])
    expect(kinds(new Failures(leftovers))).toEqual(['of now SessionExpired'])
  })

  it('are told once, though the page that shows the change and the outbox both tell of it', () => {
    const { leftovers, lose } = outbox()
    const failures = new Failures(leftovers)
    const told: number[] = []
    failures.subscribe(all => told.push(all.length))
    failures.ended(command('a'), rejected)
    lose('a', rejected)
    lose('b')
    failures.ended(command('b'), new ClusterError('SessionExpired', 'gone'))
    // Refused by this page at once, nobody else has it.
    failures.add(command('c'), rejected)
    failures.ended(command('d'), new ClusterError('StorageFailed', 'full'))
    expect(kinds(failures)).toEqual(['a Rejected', 'b SessionExpired', 'c Rejected', 'd StorageFailed'])
    expect(told[0]).toBe(0)
  })

  it('are nothing that a page closed over, and nothing that nobody called', () => {
    const failures = new Failures()
    failures.add(command('a'), new ClusterError('Closed', 'closed'))
    failures.add({ ...command('b'), what: { kind: 'migrate' } }, rejected)
    expect(failures.get()).toEqual([])
  })
})
