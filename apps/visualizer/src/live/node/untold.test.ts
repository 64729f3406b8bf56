import { describe, expect, it } from 'vitest'
import { NO_NODE } from '../console-api.ts'
import type { Told } from './live-node.ts'
import { Untold } from './untold.ts'

const status = (term: number): Told => ({ kind: 'status', status: { ...NO_NODE, state: 'running', term } })

describe('what a page is still to be told', () => {
  it('is told in its order, with the latest status last, and once', () => {
    const untold = new Untold()
    const started: Told = { kind: 'identity', id: 'a' }
    const linked: Told = { kind: 'linked', peer: 'b' }
    for (const told of [started, status(1), linked, status(2)]) untold.add(told)
    expect(untold.take()).toEqual([started, linked, status(2)])
    expect(untold.take()).toEqual([])
  })

  it('stays few while a page stands still for an hour of heartbeats, and says how many messages are left out', () => {
    const untold = new Untold()
    const count = 4 * 10 * 3_600
    const write: Told = { kind: 'applied', write: { index: 1, term: 1, key: 'x', value: '1' } }
    untold.add(write)
    for (let i = 0; i < count; i++) {
      const message = {
        id: `m${i}`,
        from: 'a',
        to: 'b',
        type: 'AppendEntriesResult',
        term: 1,
        success: true,
        matchIndex: 1,
        size: 40,
      } as const
      untold.add({ kind: 'trace', event: { type: 'delivered', message, node: 'a', at: i } })
    }
    const told = untold.take()
    expect(told.length).toBeLessThan(25_000)
    expect(told).toContain(write)
    const leftOut = told.reduce((sum, each) => sum + (each.kind === 'leftOut' ? each.count : 0), 0)
    const events = told.filter(({ kind }) => kind === 'trace').length
    expect(leftOut + events).toBe(count)
  })
})
