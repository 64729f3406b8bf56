/** Signalling over a BroadcastChannel in a real browser. */
import { broadcastChannelSignaling } from '@flotilla/webrtc-transport'
import { signalingConformance } from '@flotilla/webrtc-transport/signaling-conformance'

window.conformance = {
  cases: signalingConformance.map(({ name }) => name),
  async run(name) {
    const found = signalingConformance.find(each => each.name === name)
    if (found === undefined) throw new Error(`there is no case “${name}”`)
    await found.run({ create: broadcastChannelSignaling })
  },
}
