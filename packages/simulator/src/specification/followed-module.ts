/** The module that Quint runs: where the nodes of a trace began, and what they then did. */
import { stable } from './beginning.ts'
import { text } from './quint.ts'
import type { Steps } from './steps.ts'

/** `folder`: where the specification is, as seen from where the module will be. */
export function followedModule({ beginnings, steps }: Steps, folder: string): string {
  const nodes = [...beginnings].map(([id, beginning]) => `${text(id)} -> started(${stable(beginning)})`)
  return `module followed {
  import configuration.* from "${folder}/configuration"
  import log.* from "${folder}/log"
  import raft.* from "${folder}/raft"
  import follow.* from "${folder}/follow"
  import midst.* from "${folder}/midst"

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
