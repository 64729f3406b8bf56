/** An edge node of a soak: it is killed and stopped, and looked at. */
import { EdgeProcess } from '../fixtures/edge-process.ts'
import type { EdgeFault } from './plan.ts'
import { pause } from './soaked-browser.ts'

const MEGABYTE = 1 << 20

export class SoakedEdge {
  readonly #process: EdgeProcess
  readonly #complain: (what: string) => void

  private constructor(process: EdgeProcess, complain: (what: string) => void) {
    this.#process = process
    this.#complain = complain
  }

  static async start(link: string, signaling: string, complain: (what: string) => void): Promise<SoakedEdge> {
    return new SoakedEdge(await EdgeProcess.start(link, '--signaling', signaling), complain)
  }

  /** Resolves when all is as before. */
  async bring({ kind, ms }: EdgeFault): Promise<void> {
    if (kind === 'stop edge node') {
      this.#process.standStill()
      await pause(ms)
      return this.#process.goOn()
    }
    await this.#process.kill()
    const { code, out } = await this.#process.inspect()
    if (code !== 0) this.#complain(`an edge node’s disk after a kill: ${out}`)
    await pause(ms)
    await this.#process.startAgain()
  }

  /** What keeps it from being at rest; empty for nothing. */
  async unsettled(): Promise<string> {
    const { status } = await this.#process.health()
    return status === 'ok' ? '' : `an edge node is ${status}`
  }

  async lastApplied(): Promise<number> {
    return (await this.#process.health()).lastApplied
  }

  /** For people. */
  async told(): Promise<string> {
    const bytes = await this.#process.metric('process_resident_memory_bytes')
    const entries = await this.#process.metric('flotilla_log_entries')
    return `${(bytes / MEGABYTE).toFixed(0)} MB with ${entries} entries`
  }

  stop(): Promise<void> {
    return this.#process.stop()
  }
}
