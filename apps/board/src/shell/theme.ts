/** Light or dark: as the system says, or as was last chosen here. */
const KEY = 'flotilla-theme'

type Theme = 'light' | 'dark'

export function applyTheme(theme: Theme = chosen() ?? preferred()): void {
  document.documentElement.dataset.theme = theme
}

export function toggleTheme(): void {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'
  localStorage.setItem(KEY, theme)
  applyTheme(theme)
}

const preferred = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')

function chosen(): Theme | undefined {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : undefined
}
