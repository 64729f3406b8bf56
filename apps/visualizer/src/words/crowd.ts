/** A room of many: the crowd, the list of everybody, names, and who has the controls. */
import { words } from './en/crowd.ts'
import { section } from './section.ts'

export const crowdWords = section(words, { de: () => import('./de/crowd.ts') })
