/** One thread of a sweep: takes a range of seeds, sends back what they came to, and asks for the next. */
import { parentPort } from 'node:worker_threads'
import { sweepSeeds } from '../driver/sweep.ts'
import { sweepRooms } from '../runtime/sweep.ts'
import { type RoomKind, rooms } from './rooms.ts'

export interface Assignment {
  readonly from: number
  readonly count: number
  /** Of these rooms rather than of cores. */
  readonly kind: RoomKind | undefined
}

const uncaught: unknown[] = []
const note = (error: unknown): void => {
  uncaught.push(error)
}

parentPort?.on('message', async ({ from, count, kind }: Assignment) => {
  if (kind === undefined) return parentPort?.postMessage(sweepSeeds(from, count))
  // A node that stops itself throws where nobody catches, so that an application's error reporting hears of it.
  process.on('uncaughtException', note)
  try {
    parentPort?.postMessage(await sweepRooms(rooms[kind].replay, from, count, () => uncaught.splice(0)[0]))
  } finally {
    process.off('uncaughtException', note)
  }
})
