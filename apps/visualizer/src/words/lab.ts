/** The Lab's tools: time, messages, nodes, rules, properties, clients, files. What happens is told in `story`, why in `why`. */
import { words } from './en/lab.ts'
import { section } from './section.ts'

export const lab = section(words, { de: () => import('./de/lab.ts') })
