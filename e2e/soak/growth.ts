/**
 * Whether something that is measured each minute grows. The first minutes are left out, for everything grows then; of the others the
 * median of the last third is held beside that of the first third. Medians, because garbage is collected when the browser likes.
 */

export interface GrowthRule {
  /** Minutes at the beginning that say nothing. */
  readonly warmUp: number
  /** The later median may be this many times the earlier one, … */
  readonly times: number
  /** … and this much more on top. */
  readonly more: number
}

export type Growth =
  | { readonly kind: 'flat' | 'grows'; readonly early: number; readonly late: number }
  /** Fewer than three minutes after the warm-up. */
  | { readonly kind: 'too short' }

export function growthOf(minutes: readonly number[], { warmUp, times, more }: GrowthRule): Growth {
  const counted = minutes.slice(warmUp)
  if (counted.length < 3) return { kind: 'too short' }
  const third = Math.floor(counted.length / 3)
  const early = median(counted.slice(0, third))
  const late = median(counted.slice(-third))
  return { kind: late > early * times + more ? 'grows' : 'flat', early, late }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
