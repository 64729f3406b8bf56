/** The sixteen lessons in the language spoken. What happens in them is the same in all. */
import { lessons } from '@flotilla/simulator/lessons'
import { section } from '../words/section.ts'

export const spokenLessons = section(lessons, {
  de: async () => ({ words: (await import('@flotilla/simulator/lessons/de')).germanLessons }),
})
