/** Numbers and lists as the language spoken writes them. Pure, but for which language that is. */
import { type Language, language } from './language.ts'

/** British: "S1, S2 and S3". */
const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE' }

const numbers = remembering(locale => new Intl.NumberFormat(locale))
const lists = remembering(locale => new Intl.ListFormat(locale, { type: 'conjunction' }))

/** 12,345 or 12.345. */
export const number = (value: number): string => numbers().format(value)

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
