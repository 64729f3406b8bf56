/** Which columns of the ledger are worth an element: those in sight and a few beside them. Pure. */

interface ColumnWindow {
  readonly from: number
  readonly to: number
}

const BESIDE = 4

export function columnsInSight(
  scrollLeft: number,
  width: number,
  cell: number,
  base: number,
  last: number,
): ColumnWindow {
  const from = base + 1 + Math.max(0, Math.floor(scrollLeft / cell) - BESIDE)
  const to = Math.min(last, base + 1 + Math.ceil((scrollLeft + width) / cell) + BESIDE)
  return { from, to }
}

/** At the end, give or take part of a cell: whoever is here wants to see what comes next. */
export function isAtTail(scrollLeft: number, width: number, scrollWidth: number, cell: number): boolean {
  return scrollLeft + width >= scrollWidth - cell / 2
}
