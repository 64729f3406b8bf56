/** A trace file, opened: read and judged in a worker, looked through in pieces, and only then shown. */
import type { TraceEvent } from '@flotilla/core'
import { lab } from '../words/lab.ts'
import { phrase } from '../words/phrase.ts'
import { RunHistory } from './history.ts'
import { RecordedRun } from './recorded-run.ts'
import type { FromTraceWorker } from './trace-worker.ts'

/** Larger files are refused before anything is read of them. */
const MAX_BYTES = 300 << 20
/** Between two frames. Milliseconds. */
const SLICE_MS = 10

export type OpenedTrace =
  | { readonly kind: 'opened'; readonly history: RunHistory }
  | { readonly kind: 'refused'; readonly reason: string }

export async function openTrace(file: File, onProgress: (share: number) => void): Promise<OpenedTrace> {
  if (file.size > MAX_BYTES) {
    return {
      kind: 'refused',
      reason: lab().files.tooLarge(file.name, Math.round(file.size / (1 << 20))),
    }
  }
  const run = await readInWorker(file, onProgress)
  if (typeof run === 'string') return { kind: 'refused', reason: lab().files.noTrace(file.name, run) }
  while (!run.takeFor(SLICE_MS)) await nextTask()
  const history = new RunHistory(run)
  while (!history.lookFor(SLICE_MS)) await nextTask()
  return { kind: 'opened', history }
}

const nextTask = () => new Promise(resolve => setTimeout(resolve))

function readInWorker(file: File, onProgress: (share: number) => void): Promise<RecordedRun | string> {
  const worker = new Worker(new URL('./trace-worker.ts', import.meta.url), { type: 'module' })
  const events: TraceEvent[] = []
  return new Promise<RecordedRun | string>(resolve => {
    worker.onerror = () => resolve(lab().files.readerFailed)
    worker.onmessage = ({ data }: MessageEvent<FromTraceWorker>) => {
      switch (data.type) {
        case 'progress':
          onProgress(data.share)
          break
        case 'events':
          for (const event of data.events) events.push(event)
          break
        case 'done':
          resolve(new RecordedRun(data.header, events, data.verdicts))
          break
        case 'refused':
          resolve(phrase(data.reason))
          break
        case 'failed':
          resolve(lab().files.unreadable(data.reason))
          break
        default:
          data satisfies never
      }
    }
    worker.postMessage(file)
  }).finally(() => worker.terminate())
}
