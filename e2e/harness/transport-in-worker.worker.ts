/** The conformance suite of the WebRTC transport, in a worker whose page makes the connections. */
import { transportConformance } from '@flotilla/cluster/conformance'
import { connectThroughPage, webRtcThrough } from '@flotilla/webrtc-transport'

const { port1, port2 } = new MessageChannel()
const connections = connectThroughPage(port1)
postMessage({ connections: port2 }, { transfer: [port2] })

addEventListener('message', async ({ data }: MessageEvent<{ readonly name: string }>) => {
  const found = transportConformance.find(({ name }) => name === data.name)
  try {
    await found?.run({ transport: webRtcThrough(connections) })
    postMessage({ name: data.name })
  } catch (error) {
    postMessage({ name: data.name, error: String(error) })
  }
})
