/**
 * Histories as Porcupine takes them (docs/history-format.md): one operation a line, with who asked, what for, when, what was
 * answered and when. So others can judge what was done here, and here what was done elsewhere.
 */
import type { RegisterOperation } from '../invariants/linearizability.ts'

export interface HistoryOperation extends RegisterOperation {
  /** Counts from 0. A client asks for one thing after the other, or for several at once. */
  readonly client: number
}

export type HistoryRead =
  | { readonly kind: 'history'; readonly operations: readonly HistoryOperation[] }
  | { readonly kind: 'damaged'; readonly line: number; readonly reason: string }

/** What was asked but not answered has no `Return`: a write may have taken effect at any time since, or never. */
export function lineOf({ client, kind, key, value, invoked, returned }: HistoryOperation): string {
  const isAnswered = returned !== Number.POSITIVE_INFINITY
  return JSON.stringify({
    ClientId: client,
    Input: kind === 'write' ? { op: 'write', key, value } : { op: 'read', key },
    // Of what nobody saw begin, nobody knows when it did.
    Call: Math.max(invoked, Number.MIN_SAFE_INTEGER),
    Output: isAnswered && kind === 'read' ? { value } : {},
    Return: isAnswered ? returned : null,
  })
}

export function readHistory(text: string): HistoryRead {
  const operations: HistoryOperation[] = []
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const operation = operationOf(line)
    if (typeof operation === 'string') return { kind: 'damaged', line: place + 1, reason: operation }
    operations.push(operation)
  }
  return { kind: 'history', operations }
}

/** Or why it is none. */
function operationOf(line: string): HistoryOperation | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return 'no JSON'
  }
  const client = numberAt(parsed, 'ClientId')
  const invoked = numberAt(parsed, 'Call')
  const input = at(parsed, 'Input')
  const op = at(input, 'op')
  const key = numberAt(input, 'key')
  if (client === undefined || invoked === undefined) return 'ClientId and Call are numbers'
  if ((op !== 'write' && op !== 'read') || key === undefined)
    return 'Input is {"op":"write","key":…,"value":…} or {"op":"read","key":…}'
  const end = at(parsed, 'Return')
  const returned = end === null ? Number.POSITIVE_INFINITY : numberAt(parsed, 'Return')
  if (returned === undefined) return 'Return is a number, or null where there was no answer'
  if (returned < invoked) return 'Return is before Call'
  // Nobody was told what a read without an answer has read.
  const value =
    op === 'read' && returned === Number.POSITIVE_INFINITY
      ? 0
      : numberAt(op === 'write' ? input : at(parsed, 'Output'), 'value')
  if (value === undefined) return op === 'write' ? 'Input has no value' : 'Output has no value'
  return { client, kind: op, key, value, invoked, returned }
}

function at(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Object.entries(from).find(([key]) => key === name)?.[1] : undefined
}

function numberAt(from: unknown, name: string): number | undefined {
  const value = at(from, name)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
