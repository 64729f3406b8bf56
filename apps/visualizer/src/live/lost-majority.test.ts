import { type ClusterStatus, manualClock, pacedClock } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { LostMajority } from './lost-majority.ts'

const base = manualClock()
const node = pacedClock(base)
let told: (readonly NodeId[])[] = []
let lost = new LostMajority({ base, clock: node, changed: missing => told.push(missing) })

beforeEach(() => {
  node.setPace(1)
  told = []
  lost = new LostMajority({ base, clock: node, changed: missing => told.push(missing) })
})

const waiting = (needed: number, missing: readonly NodeId[], since = node.now()): ClusterStatus['waitingFor'] => ({
  needed,
  missing,
  since,
  mayBeOutdated: false,
})

describe('a majority that is lost', () => {
  it('is spoken of once it has been for twenty seconds, and no more when somebody is back', () => {
    lost.see({ state: 'running', waitingFor: waiting(1, ['b', 'c']) })
    base.advance(19_000)
    expect(told).toEqual([])
    base.advance(1_001)
    expect(told).toEqual([['b', 'c']])
    lost.see({ state: 'running', waitingFor: undefined })
    expect(told).toEqual([['b', 'c'], []])
  })

  it('is none while only a leader is missing', () => {
    lost.see({ state: 'running', waitingFor: waiting(0, ['b']) })
    base.advance(60_000)
    expect(told).toEqual([])
  })

  it('is counted anew after somebody was back for a moment', () => {
    lost.see({ state: 'running', waitingFor: waiting(1, ['b', 'c']) })
    base.advance(15_000)
    lost.see({ state: 'running', waitingFor: waiting(0, ['b']) })
    lost.see({ state: 'running', waitingFor: waiting(1, ['b', 'c']) })
    base.advance(15_000)
    expect(told).toEqual([])
    base.advance(5_001)
    expect(told).toEqual([['b', 'c']])
  })

  it('names those who are missing now', () => {
    const since = node.now()
    lost.see({ state: 'running', waitingFor: waiting(1, ['b', 'c'], since) })
    base.advance(25_000)
    lost.see({ state: 'running', waitingFor: waiting(2, ['b', 'c', 'd'], since) })
    expect(told.at(-1)).toEqual(['b', 'c', 'd'])
  })

  it('is not given up in a slowed room before anybody could have been elected in it', () => {
    node.setPace(50)
    lost.see({ state: 'running', waitingFor: waiting(1, ['b', 'c']) })
    base.advance(100_000)
    expect(told).toEqual([])
    node.setPace(1)
    base.advance(10_001)
    expect(told).toEqual([['b', 'c']])
  })

  it('is nothing to a node that has stopped', () => {
    lost.see({ state: 'running', waitingFor: waiting(1, ['b', 'c']) })
    lost.see({ state: 'crashed', waitingFor: undefined })
    base.advance(60_000)
    expect(told).toEqual([])
  })
})
