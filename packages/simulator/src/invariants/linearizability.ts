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

/** Attempts for each key: first few for all of them, so that one hard key does not hide what is easily seen in another. */
const growingBudgets = [10_000, 200_000, 4_000_000]

export function checkLinearizable(history: readonly RegisterOperation[], budgets = growingBudgets): Verdict {
  const byKey = new Map<number, RegisterOperation[]>()
  for (const operation of history) {
    const list = byKey.get(operation.key)
    if (list === undefined) byKey.set(operation.key, [operation])
    else list.push(operation)
  }
  let unknown: Verdict | undefined
  for (const budget of budgets) {
    unknown = undefined
    for (const [key, operations] of byKey) {
      const verdict = checkRegister(key, operations, budget)
      if (verdict.kind === 'violation') return verdict
      if (verdict.kind === 'unknown') unknown = verdict
      else byKey.delete(key)
    }
    if (unknown === undefined) break
  }
  return unknown ?? { kind: 'linearizable' }
}

/** Of the operations of one register: the order in which they may have taken effect, without those that need not have. */
export function orderOfRegister<T extends RegisterOperation>(all: readonly T[], budget = 200_000): T[] | Verdict {
  const operations = effectiveOf(all)
  const order: number[] = []
  const verdict = judge(all[0]?.key ?? 0, operations, budget, order)
  return verdict.kind === 'linearizable' ? order.flatMap(i => operations[i] ?? []) : verdict
}

function checkRegister(key: number, all: readonly RegisterOperation[], budget: number): Verdict {
  return judge(key, effectiveOf(all), budget, [])
}

/** In the order of their calls: what was answered, and what must have happened because somebody read it. */
function effectiveOf<T extends RegisterOperation>(all: readonly T[]): T[] {
  const read = new Set<number>()
  for (const { kind, value, returned } of all)
    if (kind === 'read' && returned !== Number.POSITIVE_INFINITY) read.add(value)
  return all
    .filter(
      ({ kind, value, returned }) => returned !== Number.POSITIVE_INFINITY || (kind === 'write' && read.has(value)),
    )
    .sort((a, b) => a.invoked - b.invoked)
}

function judge(key: number, operations: readonly RegisterOperation[], budget: number, order: number[]): Verdict {
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
  return search(key, operations, budget, order)
}

interface Level {
  /** What this level placed. */
  readonly placed: readonly number[]
  readonly valueBefore: number
  readonly firstBefore: number
  /** Where to look for another choice; beyond the end for none. */
  readonly next: number
}

/** A value that no read returns. */
const unreadValue = -1

/**
 * Depth first over which operation took effect next: among those not yet placed, any that was called before the
 * earliest answer among them. A state is the set placed so far and the register's value.
 *
 * Two choices need no alternative: a read of the present value changes nothing, so it may go first; and writes that
 * nobody read may all go just before the next write that somebody did.
 *
 * @param order is filled with what was found, if anything is
 */
function search(key: number, operations: readonly RegisterOperation[], budget: number, order: number[]): Verdict {
  const count = operations.length
  const placed = new Uint8Array(count)
  const readValues = new Set<number>()
  for (const { kind, value } of operations) if (kind === 'read') readValues.add(value)
  const tried = new Set<string>()
  const levels: Level[] = []
  let value = 0
  let first = 0
  let from = 0
  let deepest = 0
  let spent = 0

  const eligible = (): number[] => {
    let horizon = Number.POSITIVE_INFINITY
    for (let i = first; i < count; i++) {
      const operation = operations[i]
      if (operation === undefined || operation.invoked > horizon) break
      if (placed[i] === 0 && operation.returned < horizon) horizon = operation.returned
    }
    const found: number[] = []
    for (let i = first; i < count; i++) {
      const operation = operations[i]
      if (operation === undefined || operation.invoked > horizon) break
      if (placed[i] === 0) found.push(i)
    }
    return found
  }
  /** False if that state has been seen. */
  const place = (indexes: readonly number[], valueAfter: number, next: number): boolean => {
    for (const i of indexes) placed[i] = 1
    const state = stateOf(placed, first, valueAfter)
    if (tried.has(state)) {
      for (const i of indexes) placed[i] = 0
      return false
    }
    tried.add(state)
    levels.push({ placed: indexes, valueBefore: value, firstBefore: first, next })
    value = valueAfter
    from = 0
    return true
  }
  const descend = (): boolean => {
    const open = eligible()
    if (from === 0) {
      const reads = open.filter(i => operations[i]?.kind === 'read' && operations[i]?.value === value)
      if (reads.length > 0) return place(reads, value, count + 1)
    }
    const unread = open.filter(i => operations[i]?.kind === 'write' && !readValues.has(operations[i]?.value ?? 0))
    for (const i of open) {
      const operation = operations[i]
      if (i < from || operation?.kind !== 'write' || !readValues.has(operation.value)) continue
      spent++
      if (place([...unread, i], operation.value, i + 1)) return true
    }
    spent++
    return from <= count && unread.length > 0 && place(unread, unreadValue, count + 1)
  }

  for (;;) {
    while (first < count && placed[first] === 1) first++
    if (first === count) {
      for (const level of levels) order.push(...level.placed)
      return { kind: 'linearizable' }
    }
    if (first > deepest) deepest = first
    if (descend()) continue
    if (spent > budget) return { kind: 'unknown', key, detail: `gave up after ${budget} attempts` }
    const back = levels.pop()
    if (back === undefined) return { kind: 'violation', key, detail: explain(operations, deepest) }
    for (const i of back.placed) placed[i] = 0
    value = back.valueBefore
    first = back.firstBefore
    from = back.next
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
