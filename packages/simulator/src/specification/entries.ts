/** Log entries as the specification has them. What a configuration says is in the event that follows the entry. */
import type { Configuration, EntrySummary, TraceEvent } from '@flotilla/core'
import { record, set, text } from './quint.ts'

export class Entries {
  readonly #configurations = new Map<string, Configuration>()

  constructor(events: readonly TraceEvent[]) {
    for (const [at, event] of events.entries()) {
      if (event.type === 'appended') for (const entry of event.entries) this.#find(events, at, event.node, entry)
      if (event.type === 'started') {
        const last = event.entries.findLast(({ kind }) => kind === 'configuration')
        if (last !== undefined) this.#keep(last, event.configuration)
      }
    }
  }

  one(entry: EntrySummary): { readonly quint: string } {
    return { quint: record({ term: entry.term, value: { quint: this.#value(entry) } }) }
  }

  listed(entries: readonly EntrySummary[]): readonly string[] {
    return entries.map(entry => this.one(entry).quint)
  }

  /** What a snapshot that is installed says of who votes: its node tells it next. */
  installed(events: readonly TraceEvent[], at: number): Configuration | undefined {
    const { node } = events[at] ?? {}
    for (let i = at + 1; i < events.length; i++) {
      const event = events[i]
      if (event?.node === node && event?.type === 'configuration') return event.configuration
    }
    return undefined
  }

  #value(entry: EntrySummary): string {
    switch (entry.kind) {
      case 'noop':
        return 'Noop'
      case 'command':
        return `Command(${text(entry.text)})`
      case 'configuration':
        return `Membership(${configurationText(this.#configurations.get(keyOf(entry)))})`
    }
  }

  #find(events: readonly TraceEvent[], at: number, node: string, entry: EntrySummary): void {
    if (entry.kind !== 'configuration') return
    for (let i = at + 1; i < events.length; i++) {
      const event = events[i]
      if (event?.node !== node) continue
      if (event.type === 'configuration' && event.index === entry.index) return this.#keep(entry, event.configuration)
      if (event.type === 'started') return
    }
  }

  #keep(entry: EntrySummary, configuration: Configuration): void {
    if (!this.#configurations.has(keyOf(entry))) this.#configurations.set(keyOf(entry), configuration)
  }
}

const keyOf = ({ index, term }: EntrySummary): string => `${index}/${term}`

export function configurationText(configuration: Configuration | undefined): string {
  const { voters = [], oldVoters = [] } = configuration ?? {}
  return record({ voters: { quint: set(voters) }, old: { quint: set(oldVoters) } })
}
