/** A problem that is told in whichever language is spoken when somebody looks. */
import type { Problem } from '../store/live-store.ts'

export function say(words: () => Pick<Problem, 'title' | 'advice'>, remedy: Problem['remedy'] = 'reload'): Problem {
  return {
    get title() {
      return words().title
    },
    get advice() {
      return words().advice
    },
    remedy,
  }
}
