/** The state machine: three methods, and how commands and results become bytes. Every node runs it on the same commands in the same order. */
import { jsonCodec, type StateMachine } from '@flotilla/cluster'

export type Command =
  | { readonly kind: 'put'; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly key: string }

/** What the key held before. */
export type Result = string | null

export class KeyValue implements StateMachine<Command, Result> {
  readonly command = jsonCodec(asCommand)
  readonly result = jsonCodec(value => (typeof value === 'string' ? value : null))
  #values = new Map<string, string>()

  apply(command: Command): Result {
    const before = this.#values.get(command.key) ?? null
    if (command.kind === 'put') this.#values.set(command.key, command.value)
    else this.#values.delete(command.key)
    return before
  }

  /** The same state gives the same bytes, on every node. */
  snapshot(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify([...this.#values].sort()))
  }

  restore(snapshot: Uint8Array): void {
    const pairs: unknown = JSON.parse(new TextDecoder().decode(snapshot))
    if (!Array.isArray(pairs)) throw new Error('not a snapshot of keys and values')
    this.#values = new Map(pairs.map(([key, value]: readonly unknown[]) => [asText(key), asText(value)]))
  }

  get(key: string): string | undefined {
    return this.#values.get(key)
  }
}

function asCommand(value: unknown): Command {
  const { kind, key, value: put }: Record<string, unknown> = Object(value)
  if (kind === 'put') return { kind, key: asText(key), value: asText(put) }
  if (kind === 'delete') return { kind, key: asText(key) }
  throw new Error('neither put nor delete')
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value
  throw new Error('not a text')
}
