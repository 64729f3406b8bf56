/** A term's hue, of six. The number beside it tells terms apart for certain. */
import type { CSSProperties } from 'react'

export interface TermColours {
  readonly solid: string
  readonly tint: string
  readonly line: string
}

export function termColours(term: number): TermColours {
  const hue = term < 1 ? 0 : ((term - 1) % 6) + 1
  return { solid: `var(--t${hue})`, tint: `var(--t${hue}t)`, line: `var(--t${hue}l)` }
}

/** For CSS that colours something by its term. */
export function termStyle(term: number): CSSProperties {
  const { solid, tint, line } = termColours(term)
  return { '--term': solid, '--term-tint': tint, '--term-line': line } as CSSProperties
}
