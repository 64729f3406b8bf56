/**
 * Whether a history of reads and writes of registers is linearizable (Herlihy and Wing): whether one order explains it
 * in which every operation takes effect at some moment between its call and its answer.
 *
 * The search of Wing and Gong with Lowe's memory of what was tried, one register at a time (linearizability is local).
 * Two shortcuts that lose nothing, as every write writes a value of its own: a write that nobody answered and nobody
 * read need not have happened; and one that was read has happened. A search over its budget says `unknown`.
 */

export interface RegisterOperation {
  readonly kind: 'write' | 'read'
  readonly key: number
  /** What was written, or read; 0 is what every register begins with. */
  readonly value: number
  readonly invoked: number
  /** Infinity: no answer, so it may take effect at any time or never. */
  readonly returned: number
}

export type Verdict =
  | { readonly kind: 'linearizable' }
  | { readonly kind: 'violation'; readonly key: number; readonly detail: string }
  | { readonly kind: 'unknown'; readonly key: number; readonly detail: string }

const defaultBudget = 2_000_000

export function checkLinearizable(history: readonly RegisterOperation[], budget = defaultBudget): Verdict {
  const byKey = new Map<number, RegisterOperation[]>()
  for (const operation of history) {
    const list = byKey.get(operation.key)
    if (list === undefined) byKey.set(operation.key, [operation])
    else list.push(operation)
  }
  for (const [key, operations] of byKey) {
    const verdict = checkRegister(key, operations, budget)
    if (verdict.kind !== 'linearizable') return verdict
  }
  return { kind: 'linearizable' }
}

function checkRegister(key: number, all: readonly RegisterOperation[], budget: number): Verdict {
  const read = new Set<number>()
  for (const { kind, value, returned } of all)
    if (kind === 'read' && returned !== Number.POSITIVE_INFINITY) read.add(value)
  const operations = all
    .filter(
      ({ kind, value, returned }) => returned !== Number.POSITIVE_INFINITY || (kind === 'write' && read.has(value)),
    )
    .sort((a, b) => a.invoked - b.invoked)
  const written = new Set<number>([0])
  for (const { kind, value } of operations) {
    if (kind !== 'write') continue
    if (written.has(value)) return { kind: 'violation', key, detail: `two writes of ${value}` }
    written.add(value)
  }
  for (const { kind, value } of operations) {
    if (kind === 'read' && !written.has(value))
      return { kind: 'violation', key, detail: `${value} was read but never written` }
  }
  return search(key, operations, budget)
}

/**
 * Depth first over which operation took effect next: among those not yet placed, any that was called before the
 * earliest answer among them. A state is the set placed so far and the register's value.
 */
function search(key: number, operations: readonly RegisterOperation[], budget: number): Verdict {
  const count = operations.length
  const placed = new Uint8Array(count)
  const tried = new Set<string>()
  /** Where each level continues looking, and what it placed. */
  const stack: { candidate: number; valueBefore: number; firstBefore: number }[] = []
  let value = 0
  let first = 0
  let from = 0
  let deepest = 0
  let spent = 0
  for (;;) {
    while (first < count && placed[first] === 1) first++
    if (first === count) return { kind: 'linearizable' }
    let horizon = Number.POSITIVE_INFINITY
    for (let i = first; i < count; i++) {
      const operation = operations[i]
      if (operation === undefined || operation.invoked > horizon) break
      if (placed[i] === 0 && operation.returned < horizon) horizon = operation.returned
    }
    let chosen = -1
    for (let i = Math.max(first, from); i < count; i++) {
      const operation = operations[i]
      if (operation === undefined || operation.invoked > horizon) break
      if (placed[i] === 1 || (operation.kind === 'read' && operation.value !== value)) continue
      if (++spent > budget) return { kind: 'unknown', key, detail: `gave up after ${budget} attempts` }
      placed[i] = 1
      const next = operation.kind === 'write' ? operation.value : value
      const state = stateOf(placed, first, next)
      if (tried.has(state)) {
        placed[i] = 0
        continue
      }
      tried.add(state)
      chosen = i
      break
    }
    if (chosen >= 0) {
      stack.push({ candidate: chosen, valueBefore: value, firstBefore: first })
      const operation = operations[chosen]
      if (operation?.kind === 'write') value = operation.value
      from = 0
      if (first > deepest) deepest = first
      continue
    }
    const back = stack.pop()
    if (back === undefined) return { kind: 'violation', key, detail: explain(operations, deepest) }
    placed[back.candidate] = 0
    value = back.valueBefore
    first = back.firstBefore
    from = back.candidate + 1
  }
}

/** All before `first` are placed; after it only as far as operations overlap, so the text is short. */
function stateOf(placed: Uint8Array, first: number, value: number): string {
  let low = first
  while (low < placed.length && placed[low] === 1) low++
  let high = placed.length
  while (high > low && placed[high - 1] === 0) high--
  let text = `${value}:${low}:`
  for (let i = low; i < high; i++) text += placed[i] === 1 ? '1' : '0'
  return text
}

function explain(operations: readonly RegisterOperation[], deepest: number): string {
  const around = operations.slice(Math.max(0, deepest - 3), deepest + 5)
  const told = around.map(({ kind, value, invoked, returned }) => `${kind} ${value} [${invoked}, ${returned}]`)
  return `no order explains what follows the first ${deepest} operations: ${told.join('; ')}`
}
