/** The home page's words. */
import { words } from './en/home.ts'
import { section } from './section.ts'

export const home = section(words, { de: () => import('./de/home.ts') })
