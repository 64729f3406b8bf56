import { describe, expect, it } from 'vitest'
import { MOST_RUNS, withRun } from './kept-runs.ts'

const run = (id: number, parent?: number) => ({ id, parent: parent === undefined ? undefined : { id: parent } })
const idsOf = ({ runs }: { readonly runs: readonly { readonly id: number }[] }) => runs.map(({ id }) => id)

describe('the runs of a visit', () => {
  const apart = Array.from({ length: MOST_RUNS }, (_, i) => run(i + 1))

  it('are all kept while there is room', () => {
    expect(idsOf(withRun(apart.slice(0, 2), run(3), undefined))).toEqual([1, 2, 3])
  })

  it('lose the oldest when there is none', () => {
    const kept = withRun(apart, run(9), undefined)
    expect(idsOf(kept)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect(kept.dropped?.id).toBe(1)
  })

  it('keep what the new one came from, and what stands beside it', () => {
    expect(idsOf(withRun(apart, run(9, 1), 2))).toEqual([1, 2, 4, 5, 6, 7, 8, 9])
  })

  it('lose the eldest of a line that is longer than there is room', () => {
    const line = Array.from({ length: MOST_RUNS }, (_, i) => run(i + 1, i === 0 ? undefined : i))
    expect(idsOf(withRun(line, run(9, 8), undefined))).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  })
})
