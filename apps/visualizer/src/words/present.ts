/** The presenter's view, for a projector. */
import { words } from './en/present.ts'
import { section } from './section.ts'

export const present = section(words, { de: () => import('./de/present.ts') })
