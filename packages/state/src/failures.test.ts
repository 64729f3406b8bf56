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
  let lost = ids.map(id => ({ id, command: command(id) }))
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
    lose: (id: string) => {
      lost = [...lost, { id, command: command(id) }]
      tell('changed')
    },
    refuse: (id: string) => tell('refused', { command: command(id), error: rejected }),
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
    const { leftovers, lose, refuse } = outbox()
    const failures = new Failures(leftovers)
    const told: number[] = []
    failures.subscribe(all => told.push(all.length))
    failures.add(command('a'), rejected)
    refuse('a')
    lose('b')
    failures.add(command('b'), new ClusterError('SessionExpired', 'gone'))
    expect(kinds(failures).toSorted()).toEqual(['a Rejected', 'b SessionExpired'])
    expect(told[0]).toBe(0)
  })

  it('are nothing that a page closed over, and nothing that nobody called', () => {
    const failures = new Failures()
    failures.add(command('a'), new ClusterError('Closed', 'closed'))
    failures.add({ ...command('b'), what: { kind: 'migrate' } }, rejected)
    expect(failures.get()).toEqual([])
  })
})
