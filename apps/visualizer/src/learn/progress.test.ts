import { beforeEach, describe, expect, it, vi } from 'vitest'

/** What all tabs of a browser share. */
const disk = new Map<string, string>()
const KEY = 'flotilla:lessons'

beforeEach(() => disk.clear())

/** A tab that is opened now: its module is its own, and so is its window. */
async function openTab() {
  const tab = new EventTarget()
  vi.resetModules()
  vi.stubGlobal('window', tab)
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => disk.get(key) ?? null,
    setItem: (key: string, value: string) => disk.set(key, value),
  })
  const { useProgress } = await import('./progress.ts')
  return {
    progress: () => useProgress.getState(),
    /** As browsers tell the other tabs of a write. */
    hear: () => tab.dispatchEvent(Object.assign(new Event('storage'), { key: KEY })),
  }
}

describe('progress in two tabs', () => {
  it('is that of both, whichever writes last', async () => {
    const one = await openTab()
    const other = await openTab()
    one.progress().reach('figure-7', 3)
    one.progress().finish('figure-7')
    other.progress().reach('figure-8', 2)
    const later = await openTab()
    expect(later.progress().lessons).toEqual({
      'figure-7': { step: 3, done: true },
      'figure-8': { step: 2, done: false },
    })
  })

  it('stays done where the other tab is in the middle of the same lesson', async () => {
    const one = await openTab()
    const other = await openTab()
    other.progress().reach('figure-7', 1)
    one.progress().finish('figure-7')
    other.progress().reach('figure-7', 2)
    expect((await openTab()).progress().lessons).toEqual({ 'figure-7': { step: 2, done: true } })
  })

  it('is shown in each as the other has it, also when it is forgotten', async () => {
    const one = await openTab()
    const other = await openTab()
    one.progress().finish('figure-7')
    other.hear()
    expect(other.progress().lessons).toEqual({ 'figure-7': { step: 0, done: true } })
    one.progress().forget()
    other.hear()
    other.progress().reach('figure-8', 1)
    expect((await openTab()).progress().lessons).toEqual({ 'figure-8': { step: 1, done: false } })
  })
})

describe('what is kept', () => {
  it('of a step that is none still says that a lesson is done', async () => {
    disk.set(KEY, JSON.stringify({ lessons: { 'figure-7': { step: -1, done: true } } }))
    expect((await openTab()).progress().lessons).toEqual({ 'figure-7': { step: 0, done: true } })
  })
})
