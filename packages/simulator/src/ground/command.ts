/** What a client's command says: operation `operation` writes its own number to `key`. Padding makes entries differ in size. */
export interface Command {
  readonly operation: number
  readonly key: number
}

export function encodeCommand(operation: number, key: number, padding: number): Uint8Array {
  const bytes = new Uint8Array(5 + padding)
  new DataView(bytes.buffer).setUint32(0, operation)
  bytes[4] = key
  bytes.fill(operation & 0xff, 5)
  return bytes
}

export function decodeCommand(bytes: Uint8Array): Command {
  const [a = 0, b = 0, c = 0, d = 0, key = 0] = bytes
  return { operation: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, key }
}

/** For traces and stories. */
export function describeCommand(bytes: Uint8Array): string {
  const { operation, key } = decodeCommand(bytes)
  return `r${key} = ${operation}`
}
