/** Live: the room, what stands above the picture, the values, and the keys. */
import { words } from './en/live.ts'
import { section } from './section.ts'

export const live = section(words, { de: () => import('./de/live.ts') })
