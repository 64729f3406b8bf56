/** Whether days of a kind still reach what the kind is there for: the first of them, in the order of their seeds. */
import type { DayKind } from './days.ts'

/** No kind is so rare that this many seeds would not have its days. */
const mostSeeds = 5_000

/** Gives what was not reached. `dayOf`: the kind of day that a seed stands for; `reachedBy`: the marks of its run. */
export async function notReached<Mark extends string>(
  { name, expects, within }: Pick<DayKind<never, Mark>, 'name' | 'expects' | 'within'>,
  dayOf: (seed: number) => string,
  reachedBy: (seed: number) => Iterable<Mark> | Promise<Iterable<Mark>>,
): Promise<readonly Mark[]> {
  const missing = new Set(expects)
  let days = 0
  for (let seed = 1; seed <= mostSeeds && days < within && missing.size > 0; seed++) {
    if (dayOf(seed) !== name) continue
    days += 1
    for (const mark of await reachedBy(seed)) missing.delete(mark)
  }
  return [...missing]
}
