/** Two runs side by side. */
import { words } from './en/compare.ts'
import { section } from './section.ts'

export const comparison = section(words, { de: () => import('./de/compare.ts') })
