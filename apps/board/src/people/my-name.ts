/** How this browser's person is called, kept in the browser. */
import { create } from 'zustand'

const KEY = 'flotilla-board-name'

interface MyName {
  readonly name: string
  readonly setName: (name: string) => void
}

/** People see this, so what is invisible or turns the text around is left out. */
export const cleanName = (name: string): string =>
  name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 40)

export const useMyName = create<MyName>()(set => ({
  name: cleanName(localStorage.getItem(KEY) ?? ''),
  setName: name => {
    const clean = cleanName(name)
    localStorage.setItem(KEY, clean)
    set({ name: clean })
  },
}))

export const myName = (): string => useMyName.getState().name
