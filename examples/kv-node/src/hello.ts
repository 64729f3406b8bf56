/** What each end of a connection says first, as JSON after its length. */
import { measured } from './messages.ts'

export interface Hello {
  readonly room: string
  readonly id: string
  /** Where the speaker listens. */
  readonly address: string
  /** Where others may be. */
  readonly book?: readonly string[]
}

export function writeHello(hello: Hello): Uint8Array {
  return measured(new TextEncoder().encode(JSON.stringify(hello)))
}

/** `undefined` for what is no hello: the bytes come from whoever found the port. */
export function readHello(bytes: Uint8Array): Hello | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof value !== 'object' || value === null) return undefined
    const { room, id, address, book }: Partial<Record<keyof Hello, unknown>> = value
    if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) return undefined
    if (typeof room !== 'string' || typeof address !== 'string') return undefined
    return { room, id, address, book: Array.isArray(book) ? book.filter(isAddress).slice(0, 128) : [] }
  } catch {
    return undefined
  }
}

function isAddress(value: unknown): value is string {
  const [, port] = typeof value === 'string' ? (/^[A-Za-z0-9.-]+:(\d{1,5})$/.exec(value) ?? []) : []
  return port !== undefined && Number(port) > 0 && Number(port) < 65_536
}
