/**
 * A Port between two tabs of one browser, over a BroadcastChannel of its own. Browsers copy long messages slowly there and hold up
 * all others meanwhile, so it carries parts.
 */
import { MAX_MESSAGE_BYTES, type Port } from '@flotilla/client'
import type { Channel } from './surroundings.ts'

/** Which of the two ends. */
export type Side = 'page' | 'node'

const MAX_PART_BYTES = 16 * 1024

interface Part {
  readonly from: Side
  readonly bytes: ArrayBuffer
  readonly isLast: boolean
}

/** `channel`: nobody else's, and open at the other end before anything is sent. */
export function broadcastPort(channel: Channel, side: Side): Port {
  let onMessage: ((message: Uint8Array) => void) | undefined
  let early: Uint8Array[] = []
  let parts: Uint8Array[] = []
  let partsBytes = 0
  let closed = false

  const forgetParts = (): void => {
    parts = []
    partsBytes = 0
  }
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (closed || !isPart(data) || data.from === side) return
    partsBytes += data.bytes.byteLength
    if (partsBytes > MAX_MESSAGE_BYTES) return forgetParts()
    parts.push(new Uint8Array(data.bytes))
    if (!data.isLast) return
    const message = joined(parts, partsBytes)
    forgetParts()
    if (onMessage === undefined) early.push(message)
    else onMessage(message)
  }

  return {
    open(listener) {
      onMessage = listener
      const waiting = early
      early = []
      queueMicrotask(() => {
        for (const message of waiting) if (!closed) listener(message)
      })
    },
    send(message) {
      if (message.byteLength > MAX_MESSAGE_BYTES)
        throw new RangeError(`a message of ${message.byteLength} bytes is longer than ${MAX_MESSAGE_BYTES}`)
      if (closed) return
      let at = 0
      do {
        const bytes = message.slice(at, at + MAX_PART_BYTES).buffer
        at += MAX_PART_BYTES
        channel.postMessage({ from: side, bytes, isLast: at >= message.byteLength } satisfies Part)
      } while (at < message.byteLength)
    },
    close() {
      if (closed) return
      closed = true
      channel.onmessage = null
      channel.close()
    },
  }
}

/** Whoever knows its name may post anything there. */
function isPart(data: unknown): data is Part {
  return (
    typeof data === 'object' &&
    data !== null &&
    'from' in data &&
    (data.from === 'page' || data.from === 'node') &&
    'bytes' in data &&
    data.bytes instanceof ArrayBuffer &&
    'isLast' in data &&
    typeof data.isLast === 'boolean'
  )
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}
