/** What somebody did in the Lab, and why core would not. */
import { words } from './en/moves.ts'
import { section } from './section.ts'

export const moves = section(words, { de: () => import('./de/moves.ts') })
