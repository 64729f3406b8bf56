/**
 * A trace file as a run: each event is one, in the file's order. Nothing can be done to it, and it knows no more causes than
 * the file says: which message arrived.
 */
import type { Configuration, MessageSummary, TraceEvent } from '@flotilla/core'
import { type Alarm, calmConditions, type Impossible, type Letter, runSetup, type Step } from '@flotilla/simulator/lab'
import type { TraceHeader, Verdict } from '@flotilla/trace'
import { lab } from '../words/lab.ts'
import { runs } from '../words/runs.ts'
import type { ShownRun } from './shown-run.ts'

/** A message that is neither delivered nor dropped is drawn for so long. */
const LOST_AFTER_MS = 2_000
/** Between two looks at the clock. */
const TAKEN_AT_ONCE = 500

export class RecordedRun implements ShownRun {
  readonly setup = runSetup({})
  readonly steps: Step[] = []
  readonly moves = []
  readonly isFull = false
  readonly title: string
  readonly modified: readonly string[]
  readonly verdicts: readonly Verdict[]
  readonly #proofs = new Map<number, readonly number[]>()
  readonly #taking: Iterator<undefined>

  constructor(header: TraceHeader, events: readonly TraceEvent[], verdicts: readonly Verdict[]) {
    this.title = header.title === '' ? lab().files.recording : header.title
    this.modified = header.modified
    this.verdicts = verdicts
    const broken = new Map<number, { readonly property: string; readonly detail: string }[]>()
    for (const { violations } of verdicts) {
      const [first] = violations
      const last = first?.events.at(-1)
      if (first === undefined || last === undefined) continue
      const { property, detail } = first
      broken.set(last + 1, [...(broken.get(last + 1) ?? []), { property, detail }])
      this.#proofs.set(last + 1, [...first.events].reverse())
    }
    this.#taking = this.#take(events, broken, membersOf(header, events))
  }

  /** Goes on taking events over for so long; true when it has them all. Before, it shows as much as it has. */
  takeFor(ms: number): boolean {
    const end = performance.now() + ms
    do {
      if (this.#taking.next().done === true) return true
    } while (performance.now() < end)
    return false
  }

  get latest(): Step {
    return this.steps.at(-1) ?? beginning
  }

  get now(): number {
    return this.latest.at
  }

  next(): undefined {
    return undefined
  }

  step(): undefined {
    return undefined
  }

  playTo(): void {}

  act(): Impossible {
    return { kind: 'impossible', reason: runs().recordingOnly }
  }

  fork(): ShownRun {
    return this
  }

  under(): { readonly run: ShownRun } {
    return { run: this }
  }

  node(): undefined {
    return undefined
  }

  proofOf(step: number): readonly Step[] | undefined {
    return this.#proofs.get(step)?.flatMap(event => this.steps[event + 1] ?? [])
  }

  *#take(
    events: readonly TraceEvent[],
    broken: ReadonlyMap<number, readonly { readonly property: string; readonly detail: string }[]>,
    configuration: Configuration | undefined,
  ): Generator<undefined> {
    const arrivals = arrivalsOf(events)
    const alarms = new Map<string, Alarm>()
    let letters: readonly Letter[] = []
    let at = events[0]?.at ?? 0
    this.steps.push({ ...beginning, at, trace: configuration === undefined ? [] : running(events, configuration) })
    for (const [i, told] of events.entries()) {
      if (i % TAKEN_AT_ONCE === 0) yield
      const event = configuration !== undefined && told.type === 'started' ? { ...told, configuration } : told
      // Clocks of different machines: the file's order is what counts.
      at = Math.max(at, event.at)
      const index = i + 1
      let step: Step = { ...beginning, index, at, node: event.node, occurrence: { type: 'told' }, trace: [event] }
      switch (event.type) {
        case 'sent': {
          const arrivesAt = arrivals.get(event.message.id) ?? at + Math.max(event.delayMs, 10)
          const letter = letterOf(event.message, at, Math.max(at, arrivesAt), index)
          letters = [...letters.filter(({ sentAt }) => at - sentAt < LOST_AFTER_MS), letter]
          step = { ...step, sent: [letter] }
          break
        }
        case 'delivered':
        case 'dropped': {
          const letter = letters.find(({ name }) => name === event.message.id)
          if (letter === undefined) break
          letters = letters.filter(each => each !== letter)
          step = {
            ...step,
            occurrence:
              event.type === 'delivered'
                ? { type: 'delivered', letter }
                : { type: 'lost', letter, reason: event.reason || 'it was dropped' },
            cause: { type: 'message', step: letter.sentIn, letter },
          }
          break
        }
        case 'timer':
          alarms.set(event.node, {
            node: event.node,
            kind: 'election',
            startedAt: at,
            at: at + (event.deadline - event.startedAt),
          })
          break
        case 'crashed':
        case 'stopped':
          alarms.delete(event.node)
          break
      }
      this.steps.push({ ...step, letters, alarms: [...alarms.values()], violations: broken.get(index) ?? none })
    }
  }
}

const none: Step['violations'] = []

/** Who belongs, if the file does not say: whoever votes, or else whoever is told of. It is only for the picture. */
function membersOf({ voters }: TraceHeader, events: readonly TraceEvent[]): Configuration | undefined {
  if (events.some(event => 'configuration' in event && event.configuration.members.length > 0)) return undefined
  const ids = voters.length > 0 ? voters : [...new Set(events.map(({ node }) => node))].sort()
  const members = ids.map(id => ({ id, name: id.slice(0, 6) }))
  return { members, voters: ids, oldVoters: [], namesGiven: ids.length, expelled: [] }
}

/** Nodes whose first event is not that they start were running when the recording began. */
function running(events: readonly TraceEvent[], configuration: Configuration): TraceEvent[] {
  const seen = new Set<string>()
  const found: TraceEvent[] = []
  for (const { node, at, type } of events) {
    if (seen.has(node)) continue
    seen.add(node)
    if (type === 'started') continue
    found.push({
      node,
      at,
      type: 'started',
      term: 0,
      votedFor: undefined,
      snapshotIndex: 0,
      snapshotTerm: 0,
      entries: [],
      configuration,
    })
  }
  return found
}

const beginning: Step = {
  index: 0,
  at: 0,
  node: undefined,
  occurrence: { type: 'began' },
  cause: { type: 'none' },
  trace: [],
  sent: [],
  outcome: undefined,
  violations: none,
  letters: [],
  alarms: [],
  conditions: calmConditions,
  operations: [],
  checks: new Uint32Array(0),
}

function arrivalsOf(events: readonly TraceEvent[]): ReadonlyMap<string, number> {
  const arrivals = new Map<string, number>()
  for (const event of events) if (event.type === 'delivered') arrivals.set(event.message.id, event.at)
  return arrivals
}

function letterOf(summary: MessageSummary, sentAt: number, arrivesAt: number, sentIn: number): Letter {
  const { id: name, from, to } = summary
  return { name, from, to, message: undefined, summary, sentAt, arrivesAt, sentIn, held: false }
}
