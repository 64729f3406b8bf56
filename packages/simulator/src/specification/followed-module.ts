/** The module that Quint runs: where the nodes of a trace began, and what they then did. */
import { configurationText } from './entries.ts'
import { record, text } from './quint.ts'
import type { Beginning, Steps } from './steps.ts'

/** `folder`: where the specification is, as seen from where the module will be. */
export function followedModule({ beginnings, steps }: Steps, folder: string): string {
  const nodes = [...beginnings].map(([id, beginning]) => `${text(id)} -> started(${stable(beginning)})`)
  return `module followed {
  import configuration.* from "${folder}/configuration"
  import log.* from "${folder}/log"
  import raft.* from "${folder}/raft"
  import follow.* from "${folder}/follow"

  var at: int

  action init = all {
    nodes' = Map(${nodes.join(',\n      ')}),
    network' = silence,
    history' = nothingYet,
    at' = 0,
  }

  action step = all {
    at' = at + 1,
    any {
      ${steps.map((step, i) => `all { at == ${i}, ${step} },`).join('\n      ')}
    },
  }

  /** To be refuted: the trace is followed to its end. */
  val isUnfinished = at < ${steps.length}
}
`
}

function stable({ term, votedFor, snapshotIndex, snapshotTerm, configuration, entries }: Beginning): string {
  const start = record({
    index: snapshotIndex,
    term: snapshotTerm,
    configuration: { quint: configurationText(entries.length > 0 && snapshotIndex === 0 ? undefined : configuration) },
  })
  const log = record({ start: { quint: start }, snapshot: snapshotIndex, entries })
  return record({ term, votedFor, log: { quint: log } })
}
