/**
 * Which language the page speaks: the link's (`?lang=de`), or else the one chosen here before, or else the browser's. English
 * is always there; another is loaded when it is chosen, section by section as doors are opened.
 */

export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]
/** Every language but the one that all sections are written in. */
export type OtherLanguage = Exclude<Language, 'en'>

const KEY = 'flotilla:language'

let spoken: Language = 'en'
/** Changes whenever something would be said in other words. */
let version = 0
const listeners = new Set<() => void>()
const loaders = new Set<(language: OtherLanguage) => Promise<void>>()
let pending: Promise<void> = Promise.resolve()

export const language = (): Language => spoken

/** For `useSyncExternalStore`. */
export const wordsVersion = (): number => version

export function onWords(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** From now on this language, once its words are here. */
export async function speak(next: Language): Promise<void> {
  if (next !== 'en') await Promise.all([...loaders].map(load => load(next)))
  spoken = next
  if (typeof document !== 'undefined') document.documentElement.lang = next
  changed()
}

/** As `speak`, and it is remembered. */
export async function chooseLanguage(next: Language): Promise<void> {
  await speak(next)
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // Storage may be forbidden: then it lasts as long as the page.
  }
  // Whoever came by a link in the other language wants this one after a reload, too.
  const address = new URL(location.href)
  if (!address.searchParams.has('lang')) return
  address.searchParams.set('lang', next)
  history.replaceState(history.state, '', address)
}

/** There are two: one button, or one key, changes between them. */
export const otherLanguage = (): Language => (spoken === 'en' ? 'de' : 'en')

/** A section of words has come with a part of the page; `load` fetches it in another language. */
export function register(load: (language: OtherLanguage) => Promise<void>): void {
  loaders.add(load)
  if (spoken === 'en') return
  const loading = load(spoken).then(changed)
  pending = Promise.all([pending, loading]).then(() => undefined)
}

/** Resolves when everything that has come so far can be said in the language spoken. */
export const wordsReady = (): Promise<void> => pending

function changed(): void {
  version += 1
  for (const listener of listeners) listener()
}

export function preferredLanguage(): Language {
  const wished = [new URLSearchParams(location.search).get('lang'), remembered(), ...navigator.languages]
  for (const wish of wished) {
    const known = LANGUAGES.find(each => wish?.toLowerCase().split('-')[0] === each)
    if (known !== undefined) return known
  }
  return 'en'
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
