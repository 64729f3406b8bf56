/** A page's end of a bare node in a worker: makes its connections, and asks it how fast it goes. */
import type { BareOrder, Ordered, Told } from './bare-node.worker.ts'
import { pace } from './pace.ts'

export class BareTab {
  readonly #worker = new Worker(new URL('./bare-node.worker.ts', import.meta.url), { type: 'module' })
  readonly #asked = new Map<number, (told: unknown) => void>()
  #asks = 0
  readonly #connections: RTCPeerConnection[] = []
  readonly #open: Promise<unknown>[] = []

  constructor() {
    this.#worker.onmessage = ({ data: { id, told } }: MessageEvent<Told>) => {
      this.#asked.get(id)?.(told)
      this.#asked.delete(id)
    }
  }

  /** For another tab to `answer`. */
  async offer(): Promise<string> {
    const connection = this.#connect()
    await connection.setLocalDescription()
    return gathered(connection)
  }

  async answer(offer: string): Promise<string> {
    const connection = this.#connect()
    await connection.setRemoteDescription({ type: 'offer', sdp: offer })
    await connection.setLocalDescription()
    return gathered(connection)
  }

  async answered(answer: string): Promise<void> {
    await this.#connections.at(-1)?.setRemoteDescription({ type: 'answer', sdp: answer })
  }

  /** All its channels are. */
  async isOpen(): Promise<void> {
    await Promise.all(this.#open)
  }

  /** As this page sees them. */
  latenciesHere(of: 'commit' | 'ask', count: number): Promise<number[]> {
    return pace.latencies(() => this.#ask({ kind: 'once', of }), count)
  }

  /** As the worker sees them. */
  async latencies(of: 'commit' | 'ask', count: number): Promise<number[]> {
    const times = await this.#ask({ kind: 'latencies', of, count })
    return Array.isArray(times) ? times.map(Number) : []
  }

  async rate(inFlight: number, forMs: number): Promise<number> {
    return Number(await this.#ask({ kind: 'rate', inFlight, forMs }))
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close()
    await this.#ask({ kind: 'close' })
    this.#worker.terminate()
  }

  #connect(): RTCPeerConnection {
    const connection = new RTCPeerConnection()
    this.#connections.push(connection)
    const channel = connection.createDataChannel('bare', { negotiated: true, id: 100 })
    // In the task that made it: no browser lets a channel go later.
    this.#open.push(this.#ask({ kind: 'add', channel }, channel))
    return connection
  }

  #ask(order: BareOrder, ...transfer: Transferable[]): Promise<unknown> {
    return new Promise(resolve => {
      const id = this.#asks++
      this.#asked.set(id, resolve)
      this.#worker.postMessage({ id, order } satisfies Ordered, transfer)
    })
  }
}

async function gathered(connection: RTCPeerConnection): Promise<string> {
  while (connection.iceGatheringState !== 'complete')
    await new Promise(changed => connection.addEventListener('icegatheringstatechange', changed, { once: true }))
  return connection.localDescription?.sdp ?? ''
}
