/** Why?: the question, the rule that decided, the values it compared, and the causes. */
import { words } from './en/why.ts'
import { section } from './section.ts'

export const why = section(words, { de: () => import('./de/why.ts') })
