/** How far a learner has come, kept in this browser: for each lesson the furthest step, and whether its task was done. */
import { create } from 'zustand'

export interface LessonProgress {
  /** The step looked at last; 0 is the beginning. */
  readonly step: number
  readonly done: boolean
}

interface ProgressState {
  readonly lessons: Readonly<Record<string, LessonProgress>>
  /** The lesson that was opened last. */
  readonly latest: string | undefined
  reach(id: string, step: number): void
  finish(id: string): void
  forget(): void
}

const KEY = 'flotilla:lessons'

export const useProgress = create<ProgressState>()((set, get) => ({
  ...remembered(),
  reach(id, step) {
    const before = get().lessons[id]
    if (before?.step === step && get().latest === id) return
    set(({ lessons }) => ({ latest: id, lessons: { ...lessons, [id]: { step, done: before?.done ?? false } } }))
    remember(get())
  },
  finish(id) {
    set(({ lessons }) => ({ lessons: { ...lessons, [id]: { step: lessons[id]?.step ?? 0, done: true } } }))
    remember(get())
  },
  forget() {
    set({ lessons: {}, latest: undefined })
    remember(get())
  },
}))

/** What is kept may be anybody's: whatever does not make sense counts as never having been. */
function remembered(): Pick<ProgressState, 'lessons' | 'latest'> {
  const nothing = { lessons: {}, latest: undefined }
  let value: unknown
  try {
    value = JSON.parse(localStorage.getItem(KEY) ?? 'null')
  } catch {
    return nothing
  }
  if (typeof value !== 'object' || value === null || !('lessons' in value)) return nothing
  const { lessons } = value
  if (typeof lessons !== 'object' || lessons === null) return nothing
  const kept: Record<string, LessonProgress> = {}
  for (const [id, each] of Object.entries(lessons)) {
    if (typeof each !== 'object' || each === null) continue
    const { step, done } = each as { readonly step?: unknown; readonly done?: unknown }
    if (typeof step === 'number' && Number.isInteger(step) && step >= 0) kept[id] = { step, done: done === true }
  }
  const latest = 'latest' in value && typeof value.latest === 'string' && kept[value.latest] ? value.latest : undefined
  return { lessons: kept, latest }
}

function remember({ lessons, latest }: ProgressState): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ lessons, latest }))
  } catch {
    // Storage may be forbidden: then nothing is remembered, and everything works.
  }
}
