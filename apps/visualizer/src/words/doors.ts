/** What stands in every header, and where a door cannot be opened. */
import { words } from './en/doors.ts'
import { section } from './section.ts'

export const doors = section(words, { de: () => import('./de/doors.ts') })
