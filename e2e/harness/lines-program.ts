/** The machine of the browser node under test: every line that was ever written, in order. */
import type { NodeProgram } from '@flotilla/browser-node/worker'
import { jsonCodec, type StateMachine } from '@flotilla/cluster'

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('not a text')
  return value
}

export class Lines implements StateMachine<string, number> {
  readonly command = jsonCodec(text)
  readonly result = jsonCodec(Number)
  lines: string[] = []

  apply(line: string): number {
    if (line === '') throw new Error('an empty line')
    return this.lines.push(line)
  }

  snapshot(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this.lines))
  }

  restore(snapshot: Uint8Array): void {
    const lines: unknown = JSON.parse(new TextDecoder().decode(snapshot))
    if (!Array.isArray(lines)) throw new Error('no lines')
    this.lines = lines.map(text)
  }
}

export const program: NodeProgram<string, number, Lines> = { machine: () => new Lines() }
