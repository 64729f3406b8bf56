/**
 * What other packages say in fixed English words, such as core's reason for a refusal: those words are its id, and here is how
 * the language spoken says it. With values in it, the id has `{}` for each. What is not known, such as a reason in somebody
 * else's trace file, is shown as it is. Where another language has the values in another order, it numbers them: `{0}`.
 */
import { type Language, language } from './language.ts'
import type { Phrases } from './phrases/phrases.ts'
import { section } from './section.ts'

const book = section<Phrases>({}, { de: () => import('./phrases/de.ts') })

export function phrase(text: string): string {
  const phrases = book()
  const known = phrases[text]
  if (known !== undefined) return known
  for (const { shape, said } of shapesOf(phrases)) {
    const values = shape.exec(text)?.slice(1)
    if (values === undefined) continue
    let next = 0
    // A value may be such words, too: what a field must be.
    return said.replace(/\{(\d?)\}/g, (_, place: string) => phrase(values[place === '' ? next++ : Number(place)] ?? ''))
  }
  return text
}

interface Shape {
  readonly shape: RegExp
  readonly said: string
}

const shaped = new Map<Language, readonly Shape[]>()

/** Those with values, the longest first: it says the most of what it means. */
function shapesOf(phrases: Phrases): readonly Shape[] {
  const known = shaped.get(language())
  if (known !== undefined) return known
  const shapes = Object.entries(phrases)
    .filter(([id]) => id.includes('{}'))
    .sort(([a], [b]) => b.length - a.length)
    .map(([id, said]) => ({ shape: shapeOf(id), said }))
  shaped.set(language(), shapes)
  return shapes
}

const shapeOf = (id: string): RegExp => new RegExp(`^${id.split('{}').map(escaped).join('(.+?)')}$`, 's')

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
