/**
 * `@flotilla/browser-node/worker`: the whole of an application's worker is
 *
 *     import { serveNode } from '@flotilla/browser-node/worker'
 *     import { program } from './program.ts'
 *     serveNode(program)
 */
import { TransportError } from '@flotilla/cluster'
import { type Connections, webRtcThrough } from '@flotilla/webrtc-transport'
import type { FromHouse, HouseEnd } from './house.ts'
import type { NodeProgram } from './program.ts'
import { keepHouseHere } from './this-thread.ts'

export type { NodeProgram, NodeSettings, Ways } from './program.ts'

/** Runs this page's node in this worker, from when the page asks for it. Once, and at once: what the page said before is lost. */
export function serveNode<Command, Result>(program: NodeProgram<Command, Result>): void {
  const page: HouseEnd<FromHouse> = {
    postMessage: (message, transfer = []) => postMessage(message, { transfer }),
    onmessage: null,
  }
  addEventListener('message', event => page.onmessage?.(event))
  keepHouseHere(program, page, (options, connections = madeByNobody) => webRtcThrough(connections, options))
}

/** No browser has peer connections in a worker: the code for them need not be there either. */
const madeByNobody: Connections = () => {
  throw new TransportError('Unsupported', 'a node in a worker needs its page to make connections')
}
