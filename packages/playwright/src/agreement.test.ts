import { describe, expect, test } from 'vitest'
import { describeTabs, disagreement, type Seen, unrest } from './agreement.ts'
import type { TabReport } from './page/page-end.ts'

const fine: TabReport = {
  isReachable: true,
  node: 'a',
  drives: 'a',
  clusterId: 'c',
  role: 'leader',
  term: 2,
  leader: 'a',
  isSettled: true,
  names: { a: 'S1', b: 'S2' },
  commitIndex: 7,
  applied: 7,
  pending: 0,
  failure: undefined,
}
const other: TabReport = { ...fine, node: 'b', drives: 'b', role: 'follower' }

const seen = (...reports: readonly (TabReport | undefined)[]): readonly Seen[] =>
  reports.map((report, i) => ({ tab: i + 1, report, note: undefined }))

const both = new Set(['a', 'b'])

describe('tabs agree', () => {
  test('when all follow the same leader and have applied the same', () => {
    expect(disagreement(seen(fine, other), both)).toBeUndefined()
    expect(unrest(seen(fine, other), both)).toBeUndefined()
  })

  test.each<[string, readonly (TabReport | undefined)[], string]>([
    ['not when one does not answer', [fine, undefined], 'tab 2 does not answer'],
    ['not when the first does not answer', [undefined, fine], 'tab 1 does not answer'],
    ['not when there is none', [], 'no tab is open'],
    ['not without a leader', [fine, { ...other, leader: undefined }], 'tab 2 knows no leader'],
    ['not with two leaders', [fine, { ...other, leader: 'b' }], 'tabs 1 and 2 follow different leaders'],
    ['not in two terms', [fine, { ...other, term: 3 }], 'tabs 1 and 2 follow different leaders'],
    ['not when one is behind', [fine, { ...other, applied: 6 }], 'tab 1 has applied the log up to 7, tab 2 up to 6'],
    [
      'not in two rooms of one name',
      [fine, { ...other, clusterId: 'd' }],
      'tabs 1 and 2 are in two rooms: each made one of its own (where a page’s link says which, give roomUrl)',
    ],
    ['not before they were let in', [{ ...fine, clusterId: undefined }], 'nobody has let the node of tab 1 in yet'],
    ['not when a page has no node', [{ ...fine, isReachable: false }], 'tab 1 has no node that answers'],
  ])('%s', (_, reports, why) => {
    expect(disagreement(seen(...reports), both)).toBe(why)
  })
})

test('tabs that follow a node which has just died, or is cut off from them, do not agree yet', () => {
  expect(disagreement(seen(fine, other), new Set(['b']))).toBe(
    'tab 1 follows S1, which is gone, or nothing of it arrives',
  )
})

test('a room is not quiet while something is on its way, though all agree', () => {
  expect(unrest(seen(fine, { ...other, pending: 2 }), both)).toBe('2 changes of tab 2 are on their way')
  expect(unrest(seen({ ...fine, commitIndex: 8 }, other), both)).toBe(
    'tab 1 has applied the log up to 7, and it is committed up to 8',
  )
})

test('tabs are described in a line each, with what was done to them', () => {
  const [first, second, third] = seen(fine, { ...other, drives: undefined, isReachable: false, pending: 3 }, undefined)
  if (first === undefined || second === undefined || third === undefined) throw new Error('three')
  expect(describeTabs([first, { ...second, note: 'offline' }, { ...third, note: 'it crashed' }])).toBe(
    [
      'tab 1: drives S1, leader of term 2; S1 leads; applied 7 of 7 committed; 0 changes on their way',
      'tab 2 (offline): follows S2, which does not answer, follower of term 2; S1 leads; applied 7 of 7 committed; 3 changes on their way',
      'tab 3 (it crashed): no answer',
    ].join('\n'),
  )
})
