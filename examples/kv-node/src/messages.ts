/** TCP is a stream of bytes: where one message ends and the next begins is ours to say. */
import type { Socket } from 'node:net'

const LENGTH_BYTES = 4

export function measured(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES + message.byteLength)
  new DataView(bytes.buffer).setUint32(0, message.byteLength)
  bytes.set(message, LENGTH_BYTES)
  return bytes
}

/** Gives each message as a copy of its own. A longer one than `longest` ends the connection: no room is made for it. */
export function cutIntoMessages(socket: Socket, longest: number, take: (message: Uint8Array) => void): void {
  let pending: Buffer[] = []
  let have = 0
  let need = LENGTH_BYTES
  let isLength = true
  socket.on('data', chunk => {
    pending.push(chunk)
    have += chunk.byteLength
    while (have >= need && !socket.destroyed) {
      const all = Buffer.concat(pending)
      const part = all.subarray(0, need)
      pending = [all.subarray(need)]
      have -= need
      need = isLength ? part.readUInt32BE() : LENGTH_BYTES
      if (!isLength) take(Uint8Array.from(part))
      isLength = !isLength
      if (need > longest) return void socket.destroy()
    }
  })
}
