/** One thread of a sweep: takes a range of seeds, sends back what they came to, and asks for the next. */
import { parentPort } from 'node:worker_threads'
import { sweepSeeds } from '../driver/sweep.ts'
import { sweepRuntimeSeeds } from '../runtime/sweep.ts'

export interface Assignment {
  readonly from: number
  readonly count: number
  /** Of whole nodes rather than of cores. */
  readonly runtime: boolean
}

const uncaught: unknown[] = []
const note = (error: unknown): void => {
  uncaught.push(error)
}

parentPort?.on('message', async ({ from, count, runtime }: Assignment) => {
  if (!runtime) return parentPort?.postMessage(sweepSeeds(from, count))
  // A node that stops itself throws where nobody catches, so that an application's error reporting hears of it.
  process.on('uncaughtException', note)
  try {
    parentPort?.postMessage(await sweepRuntimeSeeds(from, count, () => uncaught.splice(0)[0]))
  } finally {
    process.off('uncaughtException', note)
  }
})
