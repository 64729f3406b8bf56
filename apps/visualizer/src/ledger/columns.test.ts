import { describe, expect, it } from 'vitest'
import { appendEntries, emptyLog } from '../trace-view/log-view.ts'
import { columnWidth, rowSize } from './columns.ts'

const log = (...texts: readonly string[]) =>
  appendEntries(
    emptyLog,
    texts.map((text, i) => ({ index: i + 1, term: 1, kind: 'command' as const, text })),
  )

describe('the ledger', () => {
  it('shows seven rows where five had room', () => {
    // The seventh was cut off at the card's edge.
    for (const height of [15.3, 19.5, 24, 30]) {
      const { row } = rowSize(height, 7)
      expect(7 * row + 2).toBeLessThanOrEqual(height)
    }
    expect(rowSize(19.5, 7).lines).toBe(0)
    expect(rowSize(40, 5)).toMatchObject({ row: 6, lines: 2 })
  })

  it('gives short values narrow columns, and long ones the width that they need', () => {
    const size = rowSize(24, 5)
    expect(columnWidth([log('x ← 3')], size, 33)).toBe(3.6)
    expect(columnWidth([log('x ← 3'), log('colour ← red')], size, 60)).toBe(7)
    expect(columnWidth([log('lamp ← on')], size, 60)).toBe(5.6)
  })

  it('breaks no word of an entry that stands in two lines', () => {
    const size = rowSize(40, 3)
    expect(size.lines).toBe(2)
    expect(columnWidth([log('x ← 3', 'open a session')], size, 60)).toBe(5.2)
  })

  it('has five columns in sight however long the values are', () => {
    expect(columnWidth([log('v'.repeat(256))], rowSize(24, 5), 30)).toBe(6)
  })

  it('looks at the end of the log only: an old long value makes no column wide', () => {
    const size = rowSize(24, 3)
    const old = log('v'.repeat(200), ...Array.from({ length: 24 }, (_, i) => `x ← ${i}`))
    expect(columnWidth([old], size, 60)).toBe(columnWidth([log('x ← 24')], size, 60))
  })
})
