import { expect, it } from 'vitest'
import { appendEntries, emptyLog } from '../trace-view/log-view.ts'
import { termsAlone } from './terms-alone.ts'

const log = (text: (i: number) => string, term = 1) =>
  appendEntries(
    emptyLog,
    Array.from({ length: 12 }, (_, i) => ({ index: i + 1, term, kind: 'command' as const, text: text(i) })),
  )

it('has room for the terms alone where all of a log is seen by that, and nothing else differs in it', () => {
  // Of figure 7, the differences between the second entry and the seventh were never in sight.
  const past = log(() => 'cmd')
  expect(termsAlone([past], 13, 60, 4)).toBeUndefined()
  for (const width of [29, 15.5]) expect(13 * (termsAlone([past], 13, width, 4) ?? 99)).toBeLessThanOrEqual(width)
  expect(termsAlone([log(() => 'cmd', 10)], 13, 15.5, 4)).toBeUndefined()
  // Of a log that does not fit, the end is seen, and of values the values.
  expect(termsAlone([past], 13, 12, 4)).toBeUndefined()
  expect(termsAlone([log(i => `x ← ${i}`)], 13, 29, 4)).toBeUndefined()
})
