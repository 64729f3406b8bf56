/**
 * Why a history is linearizable, or why it is not, for people: when each operation may have taken effect,
 * or a few operations of which no order is possible, with what stands in the way of each.
 */
import { orderOfRegister, type RegisterOperation } from './linearizability.ts'

export type Explained<T extends RegisterOperation> =
  | { readonly kind: 'order'; readonly places: readonly Placed<T>[] }
  | { readonly kind: 'none'; readonly core: readonly T[]; readonly before: readonly (readonly [T, T])[] }
  | { readonly kind: 'unknown' }

/** It took effect somewhere from `from` to `to`: within its interval, and neither grows less from one to the next of its register. */
export interface Placed<T> {
  readonly operation: T
  readonly from: number
  readonly to: number
}

/** More than this are not looked through for the few that contradict each other. */
const MOST_SHRUNK = 120

export function explainHistory<T extends RegisterOperation>(history: readonly T[]): Explained<T> {
  const places: Placed<T>[] = []
  const keys = new Set(history.map(({ key }) => key))
  for (const key of keys) {
    const operations = history.filter(operation => operation.key === key)
    const order = orderOfRegister(operations)
    if ('kind' in order) {
      if (order.kind !== 'violation') return { kind: 'unknown' }
      const core = coreOf(operations)
      return { kind: 'none', core, before: precedence(core) }
    }
    places.push(...placed(order))
  }
  return { kind: 'order', places }
}

function placed<T extends RegisterOperation>(order: readonly T[]): Placed<T>[] {
  let from = Number.NEGATIVE_INFINITY
  const starts = order.map(({ invoked }) => {
    from = Math.max(from, invoked)
    return from
  })
  let to = Number.POSITIVE_INFINITY
  return [...order.entries()]
    .reverse()
    .map(([i, operation]) => {
      to = Math.min(to, operation.returned)
      return { operation, from: starts[i] ?? operation.invoked, to }
    })
    .reverse()
}

const isImpossible = (operations: readonly RegisterOperation[]): boolean => {
  const order = orderOfRegister(operations)
  return 'kind' in order && order.kind === 'violation'
}

/** As few of them as still contradict each other: without any one of these, there would be an order. */
function coreOf<T extends RegisterOperation>(operations: readonly T[]): readonly T[] {
  let core = shortest(operations)
  if (core.length > MOST_SHRUNK) return core
  for (const candidate of [...core].reverse()) {
    // A write goes together with whoever read it, or the reads would read what nobody wrote.
    const without = core.filter(
      other =>
        other !== candidate &&
        !(candidate.kind === 'write' && other.kind === 'read' && other.value === candidate.value),
    )
    if (isImpossible(without)) core = without
  }
  return core
}

/** Whatever was asked for after the contradiction was complete has no part in it. */
function shortest<T extends RegisterOperation>(operations: readonly T[]): readonly T[] {
  const byAnswer = [...operations].sort((a, b) => a.returned - b.returned)
  let low = 1
  let high = byAnswer.length
  const upTo = (count: number): readonly T[] => {
    const end = byAnswer[count - 1]?.returned ?? Number.POSITIVE_INFINITY
    return operations
      .filter(({ invoked }) => invoked <= end)
      .map(operation => (operation.returned > end ? { ...operation, returned: Number.POSITIVE_INFINITY } : operation))
  }
  while (low < high) {
    const middle = (low + high) >> 1
    if (isImpossible(upTo(middle))) high = middle
    else low = middle + 1
  }
  const kept = new Set(upTo(low).map(({ invoked }) => invoked))
  return operations.filter(({ invoked }) => kept.has(invoked))
}

/** Who was answered before who was asked; what follows from two such is not said again. */
function precedence<T extends RegisterOperation>(core: readonly T[]): readonly (readonly [T, T])[] {
  const isBefore = (a: T, b: T): boolean => a.returned < b.invoked
  return core.flatMap(a =>
    core.flatMap(b => {
      if (!isBefore(a, b) || core.some(c => isBefore(a, c) && isBefore(c, b))) return []
      return [[a, b] as const]
    }),
  )
}
