/** A node in a process of its own, started and asked as anybody could do it by hand. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Status {
  readonly id: string
  readonly role: string
  readonly term: number
  readonly leader: string | null
  readonly members: readonly { readonly id: string; readonly voter: boolean }[]
}

export class NodeProcess {
  readonly id: string
  readonly ticket: string
  readonly #http: number
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, { id, http, ticket }: { id: string; http: number; ticket: string }) {
    this.id = id
    this.ticket = ticket
    this.#http = http
    this.#process = process
  }

  /** @param how `--create`, or `--ticket` and one */
  static async start(dataDir: string, ...how: readonly string[]): Promise<NodeProcess> {
    const node = fileURLToPath(new URL('./node.ts', import.meta.url))
    // As we were started: TypeScript is run in the same way.
    const child = spawn(process.execPath, [...process.execArgv, node, '--data', dataDir, ...how], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Whatever becomes of us, it does not stay.
    process.once('exit', () => child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })
    for await (const line of lines) {
      lines.on('line', () => {})
      child.stdout.resume()
      return new NodeProcess(child, JSON.parse(line))
    }
    throw new Error('the node ended before it said where it listens')
  }

  async status(): Promise<Status> {
    return JSON.parse(await (await fetch(`http://127.0.0.1:${this.#http}/status`)).text())
  }

  async put(key: string, value: string): Promise<void> {
    const answer = await fetch(this.#of(key), { method: 'PUT', body: value })
    if (!answer.ok) throw new Error(`not written: ${await answer.text()}`)
  }

  async get(key: string): Promise<unknown> {
    const answer = await fetch(this.#of(key))
    if (!answer.ok) throw new Error(`not read: ${await answer.text()}`)
    return answer.json()
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill(signal)
    await ended
  }

  #of(key: string): string {
    return `http://127.0.0.1:${this.#http}/keys/${encodeURIComponent(key)}`
  }
}
