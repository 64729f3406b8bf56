/** The WebRTC transport where it runs in a worker: its conformance suite there, over channels that this page hands over. */
import { transportConformance } from '@flotilla/cluster/conformance'
import { channelsCanMove, connectForWorker } from '@flotilla/webrtc-transport'

interface Said {
  readonly connections?: MessagePort
  readonly name?: string
  readonly error?: string
}

if (!channelsCanMove()) throw new Error('this browser keeps channels in the page')

const worker = new Worker(new URL('./transport-in-worker.worker.ts', import.meta.url), { type: 'module' })
const ready = new Promise<void>(resolve => {
  worker.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.connections === undefined) return
    connectForWorker(data.connections)
    resolve()
  })
})

window.conformance = {
  cases: transportConformance.map(({ name }) => name),
  async run(name) {
    await ready
    await new Promise<void>((resolve, reject) => {
      worker.addEventListener('message', function hear({ data }: MessageEvent<Said>) {
        if (data.name !== name) return
        worker.removeEventListener('message', hear)
        if (data.error === undefined) resolve()
        else reject(new Error(data.error))
      })
      worker.postMessage({ name })
    })
  },
}
