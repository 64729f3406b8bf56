/** Lessons that were opened from a file: checked, rehearsed, and kept for as long as this tab is open. */
import { loadSwitches } from '@flotilla/simulator/lab'
import { type Lesson, LessonError, readLesson, rehearse } from '@flotilla/simulator/lessons'
import { phrase } from '../words/phrase.ts'
import { spokenLessons } from './spoken-lessons.ts'

const KEY = 'flotilla:own-lessons'
/** In addresses, an own lesson can never be mistaken for one of the sixteen. */
export const OWN = 'own-'

export type Opened =
  | { readonly kind: 'opened'; readonly id: string; readonly lesson: Lesson }
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads it, and plays all of it: a lesson that claims what does not come true is refused. */
export async function openLesson(text: string): Promise<Opened> {
  await loadSwitches()
  return open(text)
}

function open(text: string): Opened {
  let lesson: Lesson
  try {
    lesson = readLesson(text)
  } catch (error) {
    if (!(error instanceof LessonError)) throw error
    return { kind: 'refused', reason: `${phrase(error.message)}.` }
  }
  const [flaw] = rehearse(lesson)
  if (flaw !== undefined) return { kind: 'refused', reason: `${flaw.place}: ${phrase(flaw.reason)}` }
  const id = `${OWN}${lesson.id}`
  opened.set(id, lesson)
  keep(id, text)
  return { kind: 'opened', id, lesson }
}

export function lessonOf(id: string): Lesson | undefined {
  if (!id.startsWith(OWN)) return spokenLessons().find(lesson => lesson.id === id)
  const known = opened.get(id)
  if (known !== undefined) return known
  const text = kept()[id]
  if (text === undefined) return undefined
  const again = open(text)
  return again.kind === 'opened' ? again.lesson : undefined
}

const opened = new Map<string, Lesson>()

function kept(): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '{}')
    if (typeof value !== 'object' || value === null) return {}
    return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'))
  } catch {
    return {}
  }
}

function keep(id: string, text: string): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...kept(), [id]: text }))
  } catch {
    // Too large, or forbidden: it is there until the page is loaded again.
  }
}
