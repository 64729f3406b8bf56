/** The ring, the logs and the inspector: the same in Live, the Lab and the lessons. */
import { words } from './en/picture.ts'
import { section } from './section.ts'

export const picture = section(words, { de: () => import('./de/picture.ts') })
