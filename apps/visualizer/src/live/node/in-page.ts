/** This tab's node, in the page itself. */
import { webRtc } from '@flotilla/webrtc-transport'
import type { LiveRoom, NodesPage } from './live-node.ts'
import { NodeHere } from './node-here.ts'

export function nodeInPage(room: LiveRoom, { clock, tell, closes }: NodesPage): NodeHere {
  const node = new NodeHere(room, { clock, transport: webRtc }, tell)
  const onceOpen = (): void => {
    // After the node's own goodbye, which is something to tell.
    addEventListener('pagehide', () => {
      closes()
      node.sayLastWords([])
    })
  }
  node.opened.then(onceOpen, () => {})
  return node
}
