/** The codec most applications want: JSON text in UTF-8, with a check that the value is what the application expects. */
import type { Codec } from './machine.ts'

/**
 * `check` narrows what was parsed, and throws on anything else: the bytes come from other nodes. Values must survive JSON
 * (no `undefined`, functions, dates or cycles inside). `undefined` itself, as of a machine without results, is no bytes at all.
 */
export function jsonCodec<T>(check: (value: unknown) => T): Codec<T> {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return {
    encode: value => {
      if (value === undefined) return new Uint8Array()
      const text: string | undefined = JSON.stringify(value)
      if (text === undefined) throw new TypeError('a value that JSON cannot hold')
      return encoder.encode(text)
    },
    decode: bytes => check(bytes.byteLength === 0 ? undefined : JSON.parse(decoder.decode(bytes))),
  }
}
