/** Quint's words for what a trace says: literals, steps, and the module in which a trace is followed. */
import type { NodeId } from '@flotilla/core'

export type Node = NodeId
/** One action of docs/spec/follow.qnt, as Quint reads it. */
export type Step = string

export const nobody: Node = ''

/** An array is of what is written in Quint already. */
export type Field = string | number | boolean | readonly string[] | { readonly quint: string }

/** The order of the fields is that of the action's parameters. */
export function step(name: string, node: Node, fields: Readonly<Record<string, Field>>): Step {
  return `${name}(${[node, ...Object.values(fields)].map(literal).join(', ')})`
}

export function record(fields: Readonly<Record<string, Field>>): string {
  const texts = Object.entries(fields).map(([name, value]) => `${name}: ${literal(value)}`)
  return `{ ${texts.join(', ')} }`
}

export const set = (names: readonly string[]): string => `Set(${names.map(text).join(', ')})`
export const list = (items: readonly string[]): string => `List(${items.join(', ')})`

function literal(value: Field): string {
  if (typeof value === 'string') return text(value)
  if (typeof value !== 'object') return String(value)
  return 'quint' in value ? value.quint : list(value)
}

/** Quint's strings have no way to write a quotation mark. */
export const text = (value: string): string => `"${value.replace(/["\\\n\r]/g, '_')}"`
