/** Reads and judges a trace file beside the page, which goes on as if nothing were to do. */
import type { TraceEvent } from '@flotilla/core'
import { Judge, TraceFileError, type TraceHeader, TraceReader, type Verdict } from '@flotilla/trace'

export type FromTraceWorker =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'events'; readonly events: readonly TraceEvent[] }
  | { readonly type: 'done'; readonly header: TraceHeader; readonly verdicts: readonly Verdict[] }
  | { readonly type: 'refused'; readonly reason: string }
  /** For no reason of the file's. */
  | { readonly type: 'failed'; readonly reason: string }

/** In pieces, so that taking them over never holds the page up. */
const PIECE = 2_000

const post = (message: FromTraceWorker): void => self.postMessage(message)

self.onmessage = (event: MessageEvent<File>) => {
  void read(event.data)
}

async function read(file: File): Promise<void> {
  const reader = new TraceReader()
  let read = 0
  try {
    const decoder = new TextDecoder()
    for await (const piece of chunksOf(file)) {
      read += piece.byteLength
      reader.push(decoder.decode(piece, { stream: true }))
      post({ type: 'progress', share: read / Math.max(1, file.size) })
    }
    reader.push(decoder.decode())
    const { events, lines: _, ...header } = reader.end()
    const judge = new Judge(header.voters)
    for (const event of events) judge.see(event)
    for (let from = 0; from < events.length; from += PIECE) {
      post({ type: 'events', events: events.slice(from, from + PIECE) })
    }
    post({ type: 'done', header, verdicts: judge.verdicts() })
  } catch (error) {
    if (error instanceof TraceFileError) post({ type: 'refused', reason: error.message })
    else post({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
}

async function* chunksOf(file: File): AsyncIterable<Uint8Array> {
  const reader = file.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
