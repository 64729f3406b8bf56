/**
 * A way between a client and a node: two ends, one in the page and one where the node runs. What lies between is a
 * `MessageChannel` to a worker or within the page; anything else that keeps these promises will do.
 *
 * Messages are whole, arrive in the order in which they were sent, and never twice. A port may die without a word: then what was
 * sent is lost, and nobody says so. That the other side is alive is for the protocol to find out.
 */

/** Of one message. */
export const MAX_MESSAGE_BYTES = 1 << 20

export interface Port {
  /** Once. What was sent before is delivered then. The bytes are the receiver's to keep. */
  open(onMessage: (message: Uint8Array) => void): void
  /** The bytes may be used again as soon as this returns. Does nothing once closed. @throws RangeError beyond MAX_MESSAGE_BYTES. */
  send(message: Uint8Array): void
  /** Nothing is delivered at this end any more, and nothing leaves it. */
  close(): void
}

/** What is used of a MessagePort, in pages, workers and Node. */
export interface MessageEnd {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  onmessage: ((event: MessageEvent) => void) | null
  close(): void
}

/** What is sent in one turn is posted together, as a list; so much is not gathered to that end. */
const MAX_GATHERED_BYTES = MAX_MESSAGE_BYTES

/**
 * A port on one end of a `MessageChannel`, which is its own from now on. To wake a thread costs more than what most messages say: what is
 * sent in one turn wakes it once.
 */
export function messagePort(end: MessageEnd): Port {
  let closed = false
  let gathered: ArrayBuffer[] = []
  let gatheredBytes = 0

  const post = (): void => {
    const buffers = gathered
    gathered = []
    gatheredBytes = 0
    if (buffers.length > 0) end.postMessage(buffers.length === 1 ? buffers[0] : buffers, buffers)
  }

  return {
    open(onMessage) {
      end.onmessage = ({ data }: MessageEvent<unknown>) => {
        // Whoever has the other end may post anything.
        for (const message of Array.isArray(data) ? data : [data])
          if (!closed && message instanceof ArrayBuffer && message.byteLength <= MAX_MESSAGE_BYTES)
            onMessage(new Uint8Array(message))
      }
    },
    send(message) {
      if (message.byteLength > MAX_MESSAGE_BYTES) {
        throw new RangeError(`a message of ${message.byteLength} bytes is longer than ${MAX_MESSAGE_BYTES}`)
      }
      if (closed) return
      const { buffer } = message.slice()
      if (gathered.length === 0) queueMicrotask(post)
      gathered.push(buffer)
      gatheredBytes += buffer.byteLength
      if (gatheredBytes >= MAX_GATHERED_BYTES) post()
    },
    close() {
      post()
      closed = true
      end.onmessage = null
      end.close()
    },
  }
}
