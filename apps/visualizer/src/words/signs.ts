/** The help: what every mark of the picture means. */
import { words } from './en/signs.ts'
import { section } from './section.ts'

export const signs = section(words, { de: () => import('./de/signs.ts') })
