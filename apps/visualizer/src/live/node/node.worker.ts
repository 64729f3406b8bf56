/** This tab's node, off the page. */
import { systemClock } from '@flotilla/cluster'
import { connectThroughPage, webRtcThrough } from '@flotilla/webrtc-transport'
import type { FromNode, MessagesEnd } from './messages.ts'
import { NodeHere } from './node-here.ts'
import { serveNode } from './serve-node.ts'

const page: MessagesEnd<FromNode> = {
  postMessage: (message, transfer = []) => postMessage(message, { transfer }),
  onmessage: null,
}
addEventListener('message', event => page.onmessage?.(event))

// Timers of a worker go on while its page is hidden.
serveNode(page, (room, connections, tell) => {
  const made = connectThroughPage(connections)
  return new NodeHere(room, { clock: systemClock(), transport: options => webRtcThrough(made, options) }, tell)
})
