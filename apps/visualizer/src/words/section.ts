/** A part of the page's words, in English at hand and in other languages on demand. What it gives is asked for when something is said. */
import { type Language, language, type OtherLanguage, register } from './language.ts'

type InOther<Words> = Readonly<Record<OtherLanguage, () => Promise<{ readonly words: Words }>>>

/** @param others each a module of its own, so that nobody fetches a language that they do not read */
export function section<Words extends object>(en: Words, others: InOther<Words>): () => Words {
  const known = new Map<Language, Words>([['en', en]])
  register(async other => {
    if (!known.has(other)) known.set(other, (await others[other]()).words)
  })
  return () => known.get(language()) ?? en
}
