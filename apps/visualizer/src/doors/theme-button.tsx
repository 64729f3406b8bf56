/** Light or dark; and whoever is on screen paints the page in it. */
import { useEffect } from 'react'
import { useUi } from '../store/ui-store.ts'
import { doors } from '../words/doors.ts'

export function ThemeButton() {
  const theme = useUi(state => state.theme)
  const setTheme = useUi(state => state.setTheme)
  return (
    <button
      type="button"
      className="button quiet icon"
      aria-label={theme === 'dark' ? doors().lightTheme : doors().darkTheme}
      onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <path d="M 10 3 A 7 7 0 0 1 10 17 Z" fill="currentColor" />
      </svg>
    </button>
  )
}

export function useTheme(): void {
  const theme = useUi(state => state.theme)
  useEffect(() => {
    document.documentElement.dataset.theme = theme
    const paper = getComputedStyle(document.documentElement).getPropertyValue('--card').trim()
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper)
  }, [theme])
}
