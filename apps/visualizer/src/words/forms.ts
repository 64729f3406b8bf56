/** Numbers and lists as the language spoken writes them. Pure, but for which language that is. */
import { type Language, language } from './language.ts'

/** British: "S1, S2 and S3". */
const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE' }

const numbers = remembering(locale => new Intl.NumberFormat(locale))
const lists = remembering(locale => new Intl.ListFormat(locale, { type: 'conjunction' }))

/** 12,345 or 12.345. */
export const number = (value: number): string => numbers().format(value)

/** "312 B", "4.2 kB", "1,3 MB". */
export function bytes(value: number): string {
  const step = value < 1e3 ? 0 : value < 1e6 ? 1 : value < 1e9 ? 2 : 3
  const shown = step === 0 ? value : Number((value / 1e3 ** step).toPrecision(2))
  return `${number(shown)} ${['B', 'kB', 'MB', 'GB'][step]}`
}

/** "S1, S2 and S3", "S1, S2 und S3". */
export const list = (words: readonly string[]): string => lists().format(words)

/** "1 entry", "12 entries": English and German have the same two forms. */
export const count = (value: number, one: string, many: string): string =>
  `${number(value)} ${value === 1 ? one : many}`

/** A formatter is dear to make. */
function remembering<T>(make: (locale: string) => T): () => T {
  const made = new Map<Language, T>()
  return () => {
    const spoken = language()
    const known = made.get(spoken) ?? make(LOCALES[spoken])
    made.set(spoken, known)
    return known
  }
}
