/** What a visit to the Lab says of its runs. Apart from its tools, because the home page has a run and no tools. */
import { words } from './en/runs.ts'
import { section } from './section.ts'

export const runs = section(words, { de: () => import('./de/runs.ts') })
