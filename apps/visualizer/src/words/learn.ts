/** The words around the lessons; what the lessons themselves say is theirs. */
import { words } from './en/learn.ts'
import { section } from './section.ts'

export const learn = section(words, { de: () => import('./de/learn.ts') })
