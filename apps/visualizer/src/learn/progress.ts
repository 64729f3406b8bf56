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
    const lessons = together(get().lessons)
    set({ latest: id, lessons: { ...lessons, [id]: { step, done: lessons[id]?.done ?? false } } })
    remember(get())
  },
  finish(id) {
    const lessons = together(get().lessons)
    set({ lessons: { ...lessons, [id]: { step: lessons[id]?.step ?? 0, done: true } } })
    remember(get())
  },
  forget() {
    set({ lessons: {}, latest: undefined })
    remember(get())
  },
}))

// Another tab of this browser has learnt something, or forgotten everything.
if (typeof window !== 'undefined')
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) useProgress.setState(remembered())
  })

/** What this tab knows and what is stored, which another tab may have written a moment ago: done stays done. */
function together(known: ProgressState['lessons']): ProgressState['lessons'] {
  const stored = remembered().lessons
  const all: Record<string, LessonProgress> = { ...known }
  for (const [id, { step, done }] of Object.entries(stored)) all[id] = { step, done: done || known[id]?.done === true }
  return all
}

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
    if (typeof step === 'number' && Number.isInteger(step)) kept[id] = { step: Math.max(0, step), done: done === true }
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
