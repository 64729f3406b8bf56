import { expect, test } from 'vitest'
import { type Planned, planOf, planOfEdges, STEADY_BROWSERS } from './plan.ts'

const first = (seed: number, count: number): Planned[] => {
  const planned: Planned[] = []
  for (const next of planOf(seed, 5, 2)) if (planned.push(next) === count) return planned
  return planned
}

test('a seed decides what befalls whom, and another seed something else', () => {
  expect(first(7, 200)).toEqual(first(7, 200))
  expect(first(7, 200)).not.toEqual(first(8, 200))
})

test('every kind of fault comes, and the tabs that stay are never ended', () => {
  const planned = first(1, 2_000)
  const kinds = new Set(planned.map(({ fault }) => fault.kind))
  expect(kinds.size).toBe(14)
  for (const { fault } of planned) {
    if (fault.browser >= STEADY_BROWSERS || (fault.tab ?? 0) !== 0) continue
    expect(['close', 'crash', 'reload', 'end worker', 'hang worker', 'kill', 'delete database']).not.toContain(
      fault.kind,
    )
  }
})

test('every edge node is killed and stopped', () => {
  const kinds = new Set<string>()
  for (const { fault } of planOfEdges(1, 2)) {
    kinds.add(`${fault.kind} ${fault.edge}`)
    if (kinds.size === 4) return
  }
})
