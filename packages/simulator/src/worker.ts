/** One thread of a sweep: takes a range of seeds, sends back what they came to, and asks for the next. */
import { parentPort } from 'node:worker_threads'
import { sweepRuntimeSeeds } from './runtime/sweep.ts'
import { sweepSeeds } from './sweep.ts'

export interface Assignment {
  readonly from: number
  readonly count: number
  /** Of whole nodes rather than of cores. */
  readonly runtime: boolean
}

parentPort?.on('message', async ({ from, count, runtime }: Assignment) => {
  parentPort?.postMessage(runtime ? await sweepRuntimeSeeds(from, count) : sweepSeeds(from, count))
})
