/** What stands in the log: a mutation by name, with its arguments and the moment it was called in. */
import type { Codec } from '@flotilla/cluster'
import type { Recorded } from './chance.ts'
import type { Json } from './json.ts'

export interface StateCommand extends Recorded {
  readonly machine: string
  readonly what: Change
}

export type Change =
  | { readonly kind: 'mutate'; readonly name: string; readonly args: Json | undefined }
  /** Takes back the change of this id, if nothing else has changed the same since. */
  | { readonly kind: 'undo'; readonly of: string }
  /** From here on the machine is of the command's version. */
  | { readonly kind: 'migrate' }

const MAX_NAME = 64
const MAX_ID = 64
/** Characters. */
export const MAX_BY = 256

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const stateCommandCodec: Codec<StateCommand> = {
  encode: ({ machine, what, id, by, now, version }) => {
    const head = [machine, version, id, by, now]
    switch (what.kind) {
      case 'mutate':
        return encoder.encode(
          JSON.stringify([...head, 'mutate', what.name, ...(what.args === undefined ? [] : [what.args])]),
        )
      case 'undo':
        return encoder.encode(JSON.stringify([...head, 'undo', what.of]))
      case 'migrate':
        return encoder.encode(JSON.stringify([...head, 'migrate']))
      default:
        return what satisfies never
    }
  },
  decode: bytes => {
    const value: unknown = JSON.parse(decoder.decode(bytes))
    if (!Array.isArray(value)) throw new TypeError('no change of a machine')
    const [machine, version, id, by, now, ...rest]: readonly unknown[] = value
    return {
      machine: text(machine, 1, MAX_NAME),
      version: whole(version),
      id: text(id, 1, MAX_ID),
      by: text(by, 0, MAX_BY),
      now: whole(now),
      what: change(rest),
    }
  },
}

function change([kind, first, args]: readonly unknown[]): Change {
  switch (kind) {
    case 'mutate':
      // What `JSON.parse` gives is JSON.
      return { kind, name: text(first, 1, MAX_NAME), args: args as Json | undefined }
    case 'undo':
      return { kind, of: text(first, 1, MAX_ID) }
    case 'migrate':
      return { kind }
    default:
      throw new TypeError('a change of another kind')
  }
}

function text(value: unknown, least: number, most: number): string {
  if (typeof value === 'string' && value.length >= least && value.length <= most) return value
  throw new TypeError(`no text of ${least} to ${most} characters`)
}

function whole(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new TypeError('no whole number')
}
