/**
 * A trace as a file: JSON, one object a line; the first says what the file is, every other one is an event
 * (docs/trace-format.md). Read as it comes, so that a long file is neither held twice nor waited for.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { decodeEvent } from './event.ts'
import { Fields, Malformed } from './fields.ts'

export const TRACE_VERSION = 1

/** Longer lines are refused: a trace's are some hundred characters, a photo is one of a million. */
export const MAX_LINE_CHARS = 1 << 20

/** Beyond this a file is refused, so that opening the wrong one cannot fill the memory. */
export const MAX_EVENTS = 1_000_000

export interface TraceHeader {
  readonly trace: 'raft'
  readonly version: typeof TRACE_VERSION
  /** Where it comes from, for people. */
  readonly title: string
  /** Who votes, if that never changes: then what needs a majority can be checked. */
  readonly voters: readonly NodeId[]
  /** Rules that were switched off in the run: it is *modified Raft*. */
  readonly modified: readonly string[]
}

export interface Trace extends TraceHeader {
  readonly events: readonly TraceEvent[]
  /** The line in which each event stands, from 1. */
  readonly lines: readonly number[]
}

export class TraceFileError extends Error {
  override readonly name = 'TraceFileError'
  readonly kind: 'NotATrace' | 'OtherVersion' | 'Malformed' | 'CutShort' | 'TooLong'
  /** From 1. */
  readonly line: number

  constructor(kind: TraceFileError['kind'], line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.kind = kind
    this.line = line
  }
}

/** @throws TraceFileError with the line that is wrong. */
export function readTrace(text: string): Trace {
  const reader = new TraceReader()
  reader.push(text)
  return reader.end()
}

export class TraceReader {
  private rest = ''
  private line = 0
  private header: TraceHeader | undefined = undefined
  private readonly events: TraceEvent[] = []
  private readonly lines: number[] = []

  /** How many events were read so far. */
  get length(): number {
    return this.events.length
  }

  /** The next piece of the file, cut anywhere. @throws TraceFileError, after which this reader is of no use. */
  push(text: string): void {
    let from = 0
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      const line = this.rest + text.slice(from, to)
      this.rest = ''
      this.take(line, false)
      from = to + 1
    }
    this.rest += text.slice(from)
    if (this.rest.length > MAX_LINE_CHARS) this.refuseLength()
  }

  /** @throws TraceFileError if the file ends too soon. */
  end(): Trace {
    if (this.rest.trim() !== '') this.take(this.rest, true)
    if (this.header === undefined) throw new TraceFileError('NotATrace', 1, 'the file is empty')
    return { ...this.header, events: this.events, lines: this.lines }
  }

  private take(text: string, isLast: boolean): void {
    if (text.length > MAX_LINE_CHARS) this.refuseLength()
    this.line++
    if (text.trim() === '') return
    const value = this.parse(text, isLast)
    try {
      if (this.header === undefined) {
        this.header = decodeHeader(new Fields(value), this.line)
        return
      }
      if (this.events.length === MAX_EVENTS) {
        throw new TraceFileError('TooLong', this.line, `a trace may have ${MAX_EVENTS} events at most`)
      }
      const at = this.events.at(-1)?.at ?? 0
      this.events.push(decodeEvent(new Fields(value), { at, unnamed: `line ${this.line}` }))
      this.lines.push(this.line)
    } catch (error) {
      if (error instanceof Malformed) throw new TraceFileError('Malformed', this.line, error.message)
      throw error
    }
  }

  private parse(text: string, isLast: boolean): unknown {
    try {
      return JSON.parse(text)
    } catch {
      if (this.header === undefined) throw this.notATrace()
      if (isLast) throw new TraceFileError('CutShort', this.line, 'the file ends in the middle of this line')
      throw new TraceFileError('Malformed', this.line, 'this is no JSON')
    }
  }

  private refuseLength(): never {
    if (this.header === undefined) throw this.notATrace()
    throw new TraceFileError('TooLong', this.line + 1, `a line may have ${MAX_LINE_CHARS} characters at most`)
  }

  private notATrace(): TraceFileError {
    return new TraceFileError(
      'NotATrace',
      Math.max(1, this.line),
      'a trace begins with a line such as {"trace":"raft","version":1}; this file does not',
    )
  }
}

function decodeHeader(f: Fields, line: number): TraceHeader {
  if (!f.has('trace'))
    throw new TraceFileError('NotATrace', line, 'the first line must be {"trace":"raft","version":1}')
  const trace = f.oneOf('trace', ['raft'])
  const version = f.count('version')
  if (version !== TRACE_VERSION) {
    throw new TraceFileError('OtherVersion', line, `version ${version} is not known here, only ${TRACE_VERSION}`)
  }
  return {
    trace,
    version,
    title: f.text('title', ''),
    voters: f.nodes('voters', []),
    modified: f.texts('modified', []),
  }
}

/** The file's text; `readTrace` gives back the same events. */
export function writeTrace(
  { title, voters, modified }: Pick<TraceHeader, 'title' | 'voters' | 'modified'>,
  events: Iterable<TraceEvent>,
): string {
  const header: TraceHeader = { trace: 'raft', version: TRACE_VERSION, title, voters, modified }
  let text = `${JSON.stringify(header)}\n`
  for (const event of events) text += `${JSON.stringify(event)}\n`
  return text
}
