/** Every way in which something can fail in Live: what happened, and what helps. */
import { words } from './en/problems.ts'
import { section } from './section.ts'

export const problems = section(words, { de: () => import('./de/problems.ts') })
