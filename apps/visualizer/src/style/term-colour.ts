/** A term's hue, of six. The number beside it tells terms apart for certain. */
import type { CSSProperties } from 'react'

/** For CSS that colours something by its term. */
export function termStyle(term: number): CSSProperties {
  const hue = term < 1 ? 0 : ((term - 1) % 6) + 1
  return {
    '--term': `var(--t${hue})`,
    '--term-tint': `var(--t${hue}t)`,
    '--term-line': `var(--t${hue}l)`,
  } as CSSProperties
}
