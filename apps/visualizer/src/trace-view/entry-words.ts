/** What an entry says, for a cell of the ledger and for who asks more of it. Pure. */
import type { EntrySummary } from '@flotilla/core'

interface EntryWords {
  /** As short as a cell is narrow. */
  readonly short: string
  /** What it is for: nobody is born knowing that a log holds more than one's own writes. */
  readonly long: string
}

export function entryWords({ kind, text }: Pick<EntrySummary, 'kind' | 'text'>): EntryWords {
  switch (kind) {
    case 'noop':
      return { short: 'no-op', long: 'no-op: a leader begins its term with it, so that older entries can commit' }
    case 'configuration': {
      const [before, after] = text.split(' → ')
      const long = after === undefined ? `the voters are ${text}` : `from voters ${before} to ${after}, both must agree`
      return { short: `voters ${text}`, long: `configuration: ${long}` }
    }
    case 'command':
      return RUNTIMES_OWN[text] ?? { short: text, long: text }
    default:
      return kind satisfies never
  }
}

/** Commands that the runtime itself appends, by the words that its trace has for them. */
const RUNTIMES_OWN: Readonly<Record<string, EntryWords>> = {
  'open a session': {
    short: 'session',
    long: 'a node opens its session: what it writes is numbered, so that nothing takes effect twice',
  },
}
