/** Where two of the runs that a visit has kept parted. Pure. */

interface Kept {
  readonly id: number
  readonly parent: { readonly id: number; readonly step: number } | undefined
}

/** The last event that both have in common; 0 where they have nothing but their beginning. */
export function partedAt(runs: readonly Kept[], a: number, b: number): number {
  const lineOf = (id: number): Map<number, number> => {
    const line = new Map<number, number>([[id, Number.POSITIVE_INFINITY]])
    let least = Number.POSITIVE_INFINITY
    let run = runs.find(each => each.id === id)
    while (run?.parent !== undefined) {
      const { parent } = run
      least = Math.min(least, parent.step)
      line.set(parent.id, least)
      run = runs.find(each => each.id === parent.id)
    }
    return line
  }
  const other = lineOf(b)
  for (const [id, step] of lineOf(a)) {
    const theirs = other.get(id)
    if (theirs === undefined) continue
    const shared = Math.min(step, theirs)
    return Number.isFinite(shared) ? shared : 0
  }
  return 0
}
