/** The replicated state of the Live page: a map from short texts to short texts, and the one command that changes it. */
import type { AppliedAt, Codec, StateMachine } from '@flotilla/cluster'

export interface KvCommand {
  readonly type: 'set'
  readonly key: string
  readonly value: string
}

/** In UTF-16 units; so short that a room of students cannot fill the disk by typing. */
export const MAX_KEY_LENGTH = 64
export const MAX_VALUE_LENGTH = 256

export type KvProblem = 'emptyKey' | 'keyTooLong' | 'valueTooLong' | 'brokenText'

/** Why this may not be written; `undefined` when it may. */
export function problemWith(key: string, value: string): KvProblem | undefined {
  if (key.length === 0) return 'emptyKey'
  if (key.length > MAX_KEY_LENGTH) return 'keyTooLong'
  if (value.length > MAX_VALUE_LENGTH) return 'valueTooLong'
  // A lone surrogate would come back from UTF-8 as another text.
  if (!key.isWellFormed() || !value.isWellFormed()) return 'brokenText'
  return undefined
}

export class KeyValueMachine implements StateMachine<KvCommand, null> {
  readonly command: Codec<KvCommand> = commandCodec
  readonly result: Codec<null> = nothingCodec
  /** Told of every write, in the order of the log. */
  onWrite: ((key: string, value: string, at: AppliedAt) => void) | undefined
  /** Told when the state became another one's altogether. */
  onRestore: (() => void) | undefined
  #values = new Map<string, string>()
  /** The keys in order, until a key is added. */
  #sorted: readonly string[] | undefined

  apply({ key, value }: KvCommand, at: AppliedAt): null {
    if (!this.#values.has(key)) this.#sorted = undefined
    this.#values.set(key, value)
    this.onWrite?.(key, value, at)
    return null
  }

  get(key: string): string | undefined {
    return this.#values.get(key)
  }

  get size(): number {
    return this.#values.size
  }

  /** In the order of the keys' code units, which is the same everywhere. */
  entries(): readonly (readonly [key: string, value: string])[] {
    return this.first(this.#values.size)
  }

  first(count: number): readonly (readonly [key: string, value: string])[] {
    // The default order of strings is that of their code units.
    this.#sorted ??= [...this.#values.keys()].sort()
    return this.#sorted.slice(0, count).map(key => [key, this.#values.get(key) ?? ''] as const)
  }

  snapshot(): Uint8Array {
    return encoder.encode(JSON.stringify(this.entries()))
  }

  restore(snapshot: Uint8Array): void {
    const entries: unknown = JSON.parse(decoder.decode(snapshot))
    if (!Array.isArray(entries)) throw new TypeError('not a snapshot of key-value pairs')
    const values = new Map<string, string>()
    for (const entry of entries) {
      const [key, value] = checked(Array.isArray(entry) && entry.length === 2 ? entry : [])
      values.set(key, value)
    }
    if (values.size !== entries.length) throw new TypeError('a key stands twice in the snapshot')
    this.#values = values
    this.#sorted = undefined
    this.onRestore?.()
  }
}

/** What a command says, in few words, for the log's picture. */
export function describeCommand({ key, value }: KvCommand): string {
  return `${isolated(key)} ← ${isolated(value)}`
}

/** In a line with right-to-left text the arrow would turn round: such texts keep their direction to themselves. */
function isolated(text: string): string {
  if (!RIGHT_TO_LEFT.test(text)) return text
  return `\u2068${text.replace(DIRECTION_MARKS, '\ufffd')}\u2069`
}

const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
/** They reach past the text that holds them. */
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]/g

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

const commandCodec: Codec<KvCommand> = {
  encode: ({ key, value }) => encoder.encode(JSON.stringify(checked([key, value]))),
  decode(bytes) {
    const fields: unknown = JSON.parse(decoder.decode(bytes))
    const [key, value] = checked(Array.isArray(fields) && fields.length === 2 ? fields : [])
    return { type: 'set', key, value }
  },
}

const nothingCodec: Codec<null> = {
  encode: () => new Uint8Array(0),
  decode(bytes) {
    if (bytes.byteLength > 0) throw new TypeError('a write has no result')
    return null
  },
}

function checked(fields: readonly unknown[]): readonly [key: string, value: string] {
  const [key, value] = fields
  if (typeof key !== 'string' || typeof value !== 'string') throw new TypeError('key and value must be texts')
  const problem = problemWith(key, value)
  if (problem) throw new RangeError(`cannot be written: ${problem}`)
  return [key, value]
}
