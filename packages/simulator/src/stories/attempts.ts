/** Replays of a failing run that has lost parts: does the same property still fail, and what of it was needed to get there? */
import type { SimulateOptions } from '../driver/run.ts'
import type { World } from '../world/world.ts'
import type { Substitute } from './mail.ts'
import { type Happening, momentOf, type Recording, replay, type Source } from './replay.ts'

export class Attempts {
  /** The shortest story so far. */
  happenings: readonly Happening[]
  /** Its circumstances: those of the seed, or plainer ones. */
  recording: Recording
  replays = 0
  private spent = 0
  private readonly property: string
  private readonly options: SimulateOptions
  /** Events to spend on all replays. */
  private readonly budget: number

  /** @throws Error if a replay of everything does not fail: then the replay is not the run, which is a mistake here. */
  constructor(recording: Recording, property: string, options: SimulateOptions, budget: number) {
    this.recording = recording
    this.happenings = recording.happenings
    this.property = property
    this.options = options
    this.budget = budget
    if (!this.succeeds(recording.happenings)) {
      throw new Error(`seed ${recording.seed} fails (${property}), and a replay of all its happenings does not`)
    }
  }

  get isOver(): boolean {
    return this.spent >= this.budget
  }

  /**
   * If these happenings fail in the same way they are the story from now on, without what had no meaning any more, and
   * without what came after the failure.
   */
  succeeds(happenings: readonly Happening[], recording = this.recording): boolean {
    return this.#succeedsWith('alike', happenings, recording) || this.#succeedsWith('next', happenings, recording)
  }

  #succeedsWith(substitute: Substitute, happenings: readonly Happening[], recording: Recording): boolean {
    if (this.isOver) return false
    this.replays += 1
    const performed: Happening[] = []
    let events = (): number => 0
    const listen = (world: World, source: Source): void => {
      events = () => world.events
      source.onAction = action => performed.push({ action, ...momentOf(world) })
    }
    const violation = replay(recording, happenings, this.options, listen, substitute)
    this.spent += Math.max(1, events())
    if (violation?.property !== this.property) return false
    this.recording = recording
    this.happenings = performed
    return true
  }

  /** Leaves out all of which this is true, if it can be. Says whether anything went. */
  without(isOut: (happening: Happening, place: number) => boolean): boolean {
    // Where nobody is, nothing happens either: that would be no short story but no story.
    const mustStay = ({ action }: Happening): boolean => this.recording.failsInCalm && action.type === 'appear'
    const rest = this.happenings.filter((happening, place) => mustStay(happening) || !isOut(happening, place))
    return rest.length < this.happenings.length && this.succeeds(rest)
  }
}
