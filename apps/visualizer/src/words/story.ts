/** What happens, told in sentences: of a trace's events, and of what somebody did in the Lab. */
import { words } from './en/story.ts'
import { section } from './section.ts'

export const story = section(words, { de: () => import('./de/story.ts') })
