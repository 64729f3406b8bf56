/** One thread of a sweep: takes a range of seeds, sends back what they came to, and asks for the next. */
import { parentPort } from 'node:worker_threads'
import { sweepSeeds } from './sweep.ts'

export interface Assignment {
  readonly from: number
  readonly count: number
}

parentPort?.on('message', ({ from, count }: Assignment) => {
  parentPort?.postMessage(sweepSeeds(from, count))
})
