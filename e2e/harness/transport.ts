/** The WebRTC transport in a real browser: its conformance suite, with every node of a case in this one page. */
import { transportConformance } from '@flotilla/cluster/conformance'
import { webRtc } from '@flotilla/webrtc-transport'

window.conformance = {
  cases: transportConformance.map(({ name }) => name),
  async run(name) {
    const found = transportConformance.find(each => each.name === name)
    if (found === undefined) throw new Error(`there is no case “${name}”`)
    await found.run({ transport: webRtc() })
  },
}
