/**
 * `@flotilla/browser-node/worker`: the whole of an application's worker is
 *
 *     import { serveNode } from '@flotilla/browser-node/worker'
 *     import { program } from './program.ts'
 *     serveNode(program)
 */
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
  keepHouseHere(program, page)
}
