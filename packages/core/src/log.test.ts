/** The log, packed or not, behaves as a plain list of entries does. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entry, entryBytes } from './entry.ts'
import { emptyState } from './io.ts'
import { Log } from './log.ts'
import { initialConfiguration } from './membership.ts'

type Step =
  | { readonly type: 'append'; readonly count: number; readonly term: number }
  | { readonly type: 'truncate' | 'compact' | 'release'; readonly share: number }
  | { readonly type: 'install'; readonly share: number; readonly agrees: boolean }

const share = fc.double({ min: 0, max: 1, noNaN: true })

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      count: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 400, max: 3_000 })),
      term: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('truncate' as const, 'compact' as const, 'release' as const),
      share,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('install' as const), share, agrees: fc.boolean() }) },
)

/** Of all kinds, and each different from the others. */
function entryOf(index: number, term: number): Entry {
  if (index % 97 === 0) return { index, term, kind: 'configuration', data: initialConfiguration([`n${index}`]) }
  if (index % 89 === 0) return { index, term, kind: 'noop', data: null }
  return { index, term, kind: 'command', data: new Uint8Array(index % 7).fill(index) }
}

/** A list, and an index that everything up to is let go of. */
class PlainLog {
  entries: Entry[] = []
  kept = 0
  snapshot = 0

  last(): number {
    return this.entries.at(-1)?.index ?? this.kept
  }

  between(from: number, to: number): Entry[] {
    return this.entries.filter(({ index }) => index >= from && index <= to)
  }
}

function take(log: Log, plain: PlainLog, step: Step): void {
  const last = log.lastIndex
  if (step.type === 'append') {
    for (let i = 1; i <= step.count; i++) {
      const entry = entryOf(last + i, log.lastTerm + step.term)
      log.append(entry)
      plain.entries.push(entry)
    }
    log.issuedIndex = log.lastIndex
    log.durableIndex = log.lastIndex
    return
  }
  const index = plain.snapshot + 1 + Math.floor(step.share * (last - plain.snapshot))
  switch (step.type) {
    case 'truncate':
      if (index > last) return
      log.truncate(index)
      plain.entries = plain.between(0, index - 1)
      return
    case 'compact':
      if (index > last) return
      log.compact(index)
      plain.snapshot = index
      return
    case 'release': {
      const through = plain.kept + Math.floor(step.share * (plain.snapshot - plain.kept))
      log.release(through)
      plain.kept = through
      plain.entries = plain.between(through + 1, last)
      return
    }
    case 'install': {
      const term = step.agrees && index <= last ? log.termAt(index) : log.lastTerm + 1
      const keptTail = log.install({ index, term, configuration: initialConfiguration([]), data: new Uint8Array() })
      expect(keptTail).toBe(step.agrees && index <= last)
      plain.entries = keptTail ? plain.between(index + 1, last) : []
      plain.snapshot = index
      plain.kept = index
      log.durableIndex = log.lastIndex
      return
    }
    default:
      step satisfies never
  }
}

function compare(log: Log, plain: PlainLog): void {
  expect(log).toMatchObject({ lastIndex: plain.last(), keptIndex: plain.kept, snapshotIndex: plain.snapshot })
  let bytes = 0
  for (const entry of plain.entries) {
    bytes += entryBytes(entry)
    if (log.termAt(entry.index) !== entry.term) expect.fail(`another term at ${entry.index}`)
    if (log.bytesBetween(plain.kept, entry.index) !== bytes) expect.fail(`other bytes up to ${entry.index}`)
  }
  const middle = Math.floor((plain.kept + plain.last()) / 2)
  for (const [from, to] of [
    [plain.kept + 1, plain.last()],
    [plain.kept + 1, middle],
    [middle + 1, plain.last()],
  ] as const) {
    if (from <= to) expect(isSame(log.run(from, to), plain.between(from, to))).toBe(true)
  }
}

function isSame(some: readonly Entry[], others: readonly Entry[]): boolean {
  return some.length === others.length && some.every((entry, i) => textOf(entry) === textOf(others[i]))
}

const textOf = (entry: Entry | undefined): string =>
  `${entry?.index} ${entry?.term} ${entry?.kind} ${entry?.kind === 'command' ? entry.data : JSON.stringify(entry?.data)}`

describe('the log', () => {
  it('is a list, however long it becomes, wherever it is cut, and whatever is let go of', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), steps => {
        const log = new Log(emptyState)
        const plain = new PlainLog()
        for (const one of steps) take(log, plain, one)
        compare(log, plain)
      }),
      { numRuns: 60 },
    )
  })

  it('holds no command in the buffer that it came in, once it is packed', () => {
    const log = new Log(emptyState)
    const frame = new Uint8Array(64 * 1024)
    for (let index = 1; index <= 10_000; index++) {
      log.append({ index, term: 1, kind: 'command', data: frame.subarray(index, index + 2) })
    }
    const first = log.entryAt(1)
    expect(first).toEqual({ index: 1, term: 1, kind: 'command', data: frame.subarray(1, 3) })
    expect(first.kind === 'command' && first.data.buffer).not.toBe(frame.buffer)
  })
})
