/** The thread of a browser in which a node's place is: a worker's, or the page's own. */
import { messagePort } from '@flotilla/client'
import { type Clock, systemClock, workerClock } from '@flotilla/cluster'
import { indexedDb } from '@flotilla/indexeddb-storage'
import { connectThroughPage } from '@flotilla/webrtc-transport'
import type { FromHouse, HouseEnd } from './house.ts'
import { broadcastChannel, webLocks } from './household/surroundings.ts'
import { type HouseGround, keepHouse } from './node-house.ts'
import { tellThisThread } from './page-life.ts'
import type { NodeProgram } from './program.ts'
import { type TransportHere, waysOf } from './ways.ts'

export function keepHouseHere<Command, Result>(
  program: NodeProgram<Command, Result>,
  page: HouseEnd<FromHouse>,
  transport: TransportHere,
): void {
  keepHouse(program, page, thisThread(transport))
}

/** One for all nodes that this thread ever has. Timers of a hidden page are late; those of workers are not. */
let clockOfHere: Clock | undefined
const clock = (): Clock => {
  clockOfHere ??= typeof document === 'undefined' ? systemClock() : workerClock()
  return clockOfHere
}

function thisThread(transport: TransportHere): HouseGround {
  return {
    name: crypto.randomUUID(),
    locks: webLocks,
    channel: broadcastChannel,
    clock: clock(),
    random: Math.random,
    given: { clock: clock() },
    storage: byForce => indexedDb({ byForce }),
    ways: (...asked) => waysOf(transport, ...asked),
    connections: connectThroughPage,
    newWay(page) {
      const { port1, port2 } = new MessageChannel()
      page.postMessage({ kind: 'found', port: port2 }, [port2])
      return messagePort(port1)
    },
    pageEvent: tellThisThread,
  }
}
