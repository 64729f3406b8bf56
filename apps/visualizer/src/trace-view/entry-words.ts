/** What an entry says, for a cell of the ledger and for who asks more of it. Pure. */
import type { EntrySummary } from '@flotilla/core'
import { picture } from '../words/picture.ts'

interface EntryWords {
  /** As short as a cell is narrow. */
  readonly short: string
  /** What it is for: nobody is born knowing that a log holds more than one's own writes. */
  readonly long: string
}

export function entryWords({ kind, text }: Pick<EntrySummary, 'kind' | 'text'>): EntryWords {
  const words = picture().entries
  switch (kind) {
    case 'noop':
      return { short: words.noop, long: words.noopLong }
    case 'configuration': {
      const [before, after] = text.split(' → ')
      const long = after === undefined ? words.votersLong(text) : words.jointLong(before ?? '', after)
      return { short: words.voters(text), long }
    }
    case 'command':
      if (text === SESSION) return { short: words.session, long: words.sessionLong }
      if (text === REFOUNDED) return { short: words.refounded, long: words.refoundedLong }
      return { short: text, long: text }
    default:
      return kind satisfies never
  }
}

/** What stands in an entry's cell; `lines`: how many there are for it. Who votes is said by numbers where there is one. */
export function wordsInCell(entry: Pick<EntrySummary, 'kind' | 'text'>, lines: number): string {
  const { short } = entryWords(entry)
  if (entry.kind !== 'configuration') return short
  const names = entry.text.split(' → ').map(numbered)
  if (names.includes(undefined)) return short
  const [before, after] = names
  // Of two configurations the second is without its letter, so that both fit.
  const brief = after === undefined ? `S${before}` : `S${before}→${after}`
  return lines === 2 ? picture().entries.voters(brief) : brief
}

/** "S1 S2 S3 S5" as "1–3,5"; `undefined` of other names. */
function numbered(names: string): string | undefined {
  const runs: [number, number][] = []
  for (const name of names.split(' ')) {
    if (!/^S\d+$/.test(name)) return
    const number = Number(name.slice(1))
    const last = runs.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  return runs.map(([from, to]) => (from === to ? from : to - from === 1 ? `${from},${to}` : `${from}–${to}`)).join()
}

/** What the runtime itself appends, by the words that its trace has for it. */
const SESSION = 'open a session'
const REFOUNDED = 'go on without the lost majority'
