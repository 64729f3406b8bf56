import { describe, expect, it } from 'vitest'
import { KeyValueMachine } from '../machine/key-value.ts'
import { MAX_SHOWN_VALUES } from '../store/live-store.ts'
import { AppliedWrites } from './applied-writes.ts'

function setUp() {
  const machine = new KeyValueMachine()
  let noted = 0
  const applied = new AppliedWrites(machine, () => {
    noted += 1
  })
  const write = (index: number) => machine.apply({ type: 'set', key: 'x', value: String(index) }, { index, term: 1 })
  return { machine, applied, write, noted: () => noted }
}

describe('AppliedWrites', () => {
  it('has news once, after it was told that the values may have changed', () => {
    const { applied, write, noted } = setUp()
    expect(applied.news()).toBeUndefined()
    write(1)
    applied.touch()
    expect(noted()).toBe(1)
    expect(applied.news()).toEqual({ values: [['x', '1']], valueCount: 1 })
    expect(applied.news()).toBeUndefined()
  })

  it('keeps the writes in order, from the last restored snapshot on', () => {
    const { machine, applied, write } = setUp()
    write(1)
    const snapshot = machine.snapshot()
    write(2)
    expect(applied.history().map(({ index }) => index)).toEqual([1, 2])
    machine.restore(snapshot)
    expect(applied.history()).toEqual([])
    expect(applied.news()).toEqual({ values: [['x', '1']], valueCount: 1 })
    write(3)
    expect(applied.history()).toEqual([{ index: 3, term: 1, key: 'x', value: '3' }])
  })

  it('shows the first few of 100,000 keys, and says how many there are', () => {
    const { machine, applied } = setUp()
    for (let i = 0; i < 100_000; i++)
      machine.apply({ type: 'set', key: `k${i}`, value: 'v' }, { index: i + 1, term: 1 })
    applied.touch()
    const news = applied.news()
    expect([news?.values.length, news?.valueCount]).toEqual([MAX_SHOWN_VALUES, 100_000])
  })

  it('forgets the oldest of very many, and never the latest 50,000', () => {
    const { applied, write } = setUp()
    for (let index = 1; index <= 130_000; index++) write(index)
    const history = applied.history()
    expect([history.at(-1)?.index, history.length]).toEqual([130_000, 80_000])
  })
})
