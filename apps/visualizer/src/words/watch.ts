/** Live of a room that another application has open. */
import { words } from './en/watch.ts'
import { section } from './section.ts'

export const watch = section(words, { de: () => import('./de/watch.ts') })
