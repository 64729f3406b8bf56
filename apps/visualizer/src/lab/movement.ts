/** What moves in the ring: the messages and timers of a run at the cursor's moment, told in wall time for the animation. */
import type { NodeId } from '@flotilla/core'
import type { Letter, Step } from '@flotilla/simulator/lab'
import type { Movement } from '../stage/movement.ts'
import { type Flight, kindOf, LOST_MS, type MessageKind } from '../trace-view/messages-in-flight.ts'
import type { ShownRun } from './shown-run.ts'

/** A run, and the moment of it that is looked at. */
export interface Moment {
  readonly run: ShownRun
  readonly stepNow: Step
  /** Virtual milliseconds. */
  readonly now: number
  readonly pace: number
  readonly playing: boolean
  onWake(wake: () => void): () => void
}

export class RunMovement implements Movement {
  readonly busy = false
  readonly #moment: Moment

  constructor(moment: Moment) {
    this.#moment = moment
  }

  now(): number {
    return performance.now()
  }

  /** Never 1: every frame is worth drawing, and labels may be read. */
  get pace(): number {
    return Math.max(2, this.#moment.pace)
  }

  timerLeft(id: NodeId): number | undefined {
    const alarm = this.#moment.stepNow.alarms.find(({ node, kind }) => node === id && kind === 'election')
    if (alarm === undefined) return undefined
    const whole = alarm.at - alarm.startedAt
    return whole <= 0 ? 0 : Math.min(1, Math.max(0, (alarm.at - this.#moment.now) / whole))
  }

  timerMs(id: NodeId): number | undefined {
    const alarm = this.#moment.stepNow.alarms.find(({ node, kind }) => node === id && kind === 'election')
    return alarm && Math.max(0, alarm.at - this.#moment.now)
  }

  flights(wall: number): readonly Flight[] {
    const { stepNow, run } = this.#moment
    const flights = stepNow.letters.map(letter => this.#flight(letter, run.steps, wall))
    return [...flights, ...this.#lost(stepNow, wall)]
  }

  isMoving(): boolean {
    return this.#moment.playing
  }

  onWake(wake: () => void): () => void {
    return this.#moment.onWake(wake)
  }

  #flight(letter: Letter, steps: readonly Step[], wall: number): Flight {
    const { now } = this.#moment
    const { pace } = this.#moment
    // What is held back hangs where everybody sees it.
    const [departedAt, arrivesAt] = letter.held
      ? [wall - 1, wall + 1]
      : [wall - (now - letter.sentAt) * pace, wall + (letter.arrivesAt - now) * pace]
    return {
      message: { ...letter.summary, id: letter.name },
      kind: kindOfLetter(letter, steps),
      answer: letter.summary.type.endsWith('Result'),
      departedAt,
      arrivesAt,
      outcome: 'flying',
    }
  }

  /** What was lost a moment ago stays for that moment, half-way. */
  #lost(stepNow: Step, wall: number): Flight[] {
    const { run, now } = this.#moment
    const { pace } = this.#moment
    const flights: Flight[] = []
    for (let i = stepNow.index; i > 0; i--) {
      const step = run.steps[i]
      if (step === undefined || (now - step.at) * pace > LOST_MS) break
      for (const event of step.trace) {
        if (event.type !== 'dropped') continue
        flights.push({
          message: event.message,
          kind: kindOf(event.message),
          answer: event.message.type.endsWith('Result'),
          departedAt: wall - 2,
          arrivesAt: wall - 1,
          outcome: 'dropped',
        })
      }
    }
    return flights
  }
}

/** The answer to a heartbeat is as small as one: the event that sent it says what it answers. */
export function kindOfLetter(letter: Letter, steps: readonly Step[]): MessageKind {
  if (letter.summary.type !== 'AppendEntriesResult' || letter.summary.granted === false) return kindOf(letter.summary)
  const origin = steps[letter.sentIn]?.occurrence
  const answered = origin?.type === 'delivered' ? origin.letter.summary : undefined
  return answered?.type === 'AppendEntries' && answered.size === 0 ? 'heartbeat' : 'append'
}
