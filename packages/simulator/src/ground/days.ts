/**
 * Days of a kind. Days as drawn leave out what shows only when several rare things come together, so some of them are made for one such thing,
 * and each kind says which `sometimes` marks it is there for: one that does not reach them any more is noticed.
 */
import type { Random } from './random.ts'

export interface DayKind<Mix, Mark extends string> {
  readonly name: string
  /** What makes the day, of one as drawn. */
  readonly of: (drawn: Mix, random: Random) => Mix
  /** What the first `within` days of the kind reach, each at least once. */
  readonly expects: readonly Mark[]
  /** So many that if each came about as often as it does, one in two hundred times some would not: chance is no alarm. */
  readonly within: number
}

export const asDrawn = 'as drawn'

/** One day in so many is of some kind. */
const oneIn = 4

/** Drawn apart: days as drawn are what they were before there were kinds. */
export function dayOfSomeKind<Mix, Mark extends string>(
  random: Random,
  drawn: Mix,
  kinds: readonly DayKind<Mix, Mark>[],
): Mix & { readonly day: string } {
  const kind = random.int(oneIn) === 0 ? random.pick(kinds) : undefined
  return kind === undefined ? { ...drawn, day: asDrawn } : { ...kind.of(drawn, random), day: kind.name }
}
