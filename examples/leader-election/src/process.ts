/** A candidate in a process of its own: what it has said, and what it is told. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

interface Line {
  readonly id?: string
  readonly ticket?: string
  readonly leader?: string | null
  readonly isMe?: boolean
  readonly term?: number
  readonly done?: string
  readonly failed?: string
}

export class Candidate {
  readonly #process
  readonly #lines: Line[] = []
  #wake = (): void => {}

  constructor(...ticket: readonly string[]) {
    const program = fileURLToPath(new URL('./candidate.ts', import.meta.url))
    this.#process = spawn(process.execPath, [...process.execArgv, program, ...ticket], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    createInterface({ input: this.#process.stdout }).on('line', line => {
      this.#lines.push(JSON.parse(line))
      this.#wake()
    })
  }

  /** The last line of which this holds, as soon as there is one. */
  async said(holds: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.#lines.findLast(holds)
      if (found !== undefined) return found
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** Who is in charge, as it said last. */
  get inCharge(): Line | undefined {
    return this.#lines.findLast(line => line.leader !== undefined)
  }

  tell(order: string): void {
    this.#process.stdin.write(`${order}\n`)
  }

  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill(signal)
    await ended
  }
}
