/** Which runs a visit keeps: the latest, and those that the others came from or are compared with. Pure. */

interface Kept {
  readonly id: number
  readonly parent: { readonly id: number } | undefined
}

export const MOST_RUNS = 8

/** With the new run at their end; the oldest that nobody needs makes room. Which one is dropped, if one is. */
export function withRun<T extends Kept>(
  runs: readonly T[],
  added: T,
  beside: number | undefined,
): { readonly runs: readonly T[]; readonly dropped: T | undefined } {
  const all = [...runs, added]
  if (all.length <= MOST_RUNS) return { runs: all, dropped: undefined }
  const line = lineOf(all, added)
  const isDear = ({ id }: T): boolean => id === added.id || id === added.parent?.id || id === beside
  // Where every run came from the one before, the eldest goes all the same.
  const dropped = all.find(run => !isDear(run) && !line.has(run.id)) ?? all.find(run => !isDear(run))
  return { runs: all.filter(run => run !== dropped), dropped }
}

/** It and whatever it came from. */
function lineOf(runs: readonly Kept[], from: Kept): ReadonlySet<number> {
  const line = new Set<number>()
  let run: Kept | undefined = from
  while (run !== undefined) {
    line.add(run.id)
    const parent: number | undefined = run.parent?.id
    run = runs.find(({ id }) => id === parent)
  }
  return line
}
