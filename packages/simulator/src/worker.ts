/** One thread of a sweep: takes a range of seeds, sends back what they came to, and asks for the next. */
import { parentPort } from 'node:worker_threads'
import { addTally, emptyTally, tallySeed } from './sweep.ts'

export interface Assignment {
  readonly from: number
  readonly count: number
}

parentPort?.on('message', ({ from, count }: Assignment) => {
  const tally = emptyTally()
  for (let seed = from; seed < from + count; seed++) addTally(tally, tallySeed(seed))
  parentPort?.postMessage(tally)
})
