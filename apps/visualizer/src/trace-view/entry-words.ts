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

/** What the runtime itself appends, by the words that its trace has for it. */
const SESSION = 'open a session'
const REFOUNDED = 'go on without the lost majority'
