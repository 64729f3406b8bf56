/** What is stored in this browser. */
import { words } from './en/stored.ts'
import { section } from './section.ts'

export const stored = section(words, { de: () => import('./de/stored.ts') })
