import type { TraceEvent } from '@flotilla/core'
import type { Check } from '../check.ts'

interface First {
  readonly text: string
  readonly termBefore: number | undefined
  readonly event: number
}

/**
 * "If two logs contain an entry with the same index and term, then the logs are identical in all entries up through the
 * given index": the same entry, after one of the same term. What came before that follows by induction.
 */
export function logMatching(): Check {
  const firsts = new Map<string, First>()
  let number = -1
  return {
    property: 'Log Matching',
    section: 'figure 3, §5.3',
    see(event: TraceEvent, history, report) {
      number++
      const entries = event.type === 'appended' || event.type === 'started' ? event.entries : []
      let before = history.node(event.node).at((entries[0]?.index ?? 0) - 1)?.term
      if (event.type === 'started') before = event.snapshotIndex > 0 ? event.snapshotTerm : undefined
      for (const { index, term, text } of entries) {
        if (index === 1) before = 0
        const key = `${index}:${term}`
        const first = firsts.get(key)
        if (first === undefined) firsts.set(key, { text, termBefore: before, event: number })
        else if (first.text !== text) {
          report.broken(
            `${event.node} has «${text}» at ${index} of term ${term}, where another log has «${first.text}»`,
            first.event,
          )
        } else if (before !== undefined && first.termBefore !== undefined && before !== first.termBefore) {
          report.broken(
            `${event.node} has entry ${index} of term ${term} after one of term ${before}, another log has it after one of term ${first.termBefore}`,
            first.event,
          )
        } else report.held()
        before = term
      }
    },
  }
}
