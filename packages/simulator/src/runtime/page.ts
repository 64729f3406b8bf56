/**
 * One tab's process: what runs in it, runs only while it is alive, and waits while it is frozen. Its node is told of
 * nothing else but what comes in through here, and a page that was killed does nothing any more, in the middle of a step too.
 */
import type { Timeline } from './timeline.ts'

/** How a page may come to its end. */
export type Ending =
  | 'by the browser'
  | 'by its user'
  | 'in the middle of a step'
  | 'as it is closed'
  | 'because it cannot open'

export class Page {
  /** The tab it is of, and which of its pages in turn. */
  readonly tab: number
  readonly number: number
  isAlive = true
  readonly name: string
  onKilled: (how: Ending) => void = () => {}
  onThawed: () => void = () => {}
  readonly #timeline: Timeline
  #isStalled = false
  /** What came while it was frozen; `undefined` when it is not. */
  #waiting: (() => void)[] | undefined = undefined
  /** So many effects more, and it dies. */
  #fuse = Number.POSITIVE_INFINITY

  constructor(timeline: Timeline, tab: number, number: number, name = `t${tab + 1}`) {
    this.#timeline = timeline
    this.tab = tab
    this.number = number
    this.name = name
  }

  /** Nothing runs in it now. */
  get isFrozen(): boolean {
    return this.#waiting !== undefined
  }

  /** It only waits for its turn: it is as much there for others as any page. */
  get isStalled(): boolean {
    return this.#isStalled
  }

  /** Runs the job in the page, now or when it thaws. */
  enter(job: () => void): void {
    if (!this.isAlive) return
    if (this.#waiting === undefined) job()
    else this.#waiting.push(job)
  }

  /** Something is about to leave the page for its disk or the network. Says whether it still does. */
  emits(): boolean {
    if (this.isAlive && --this.#fuse < 0) this.kill('in the middle of a step')
    return this.isAlive
  }

  burn(effects: number): void {
    this.#fuse = effects
  }

  freeze(): void {
    this.#waiting ??= []
    this.#isStalled = false
  }

  /** It gets no turn for a while. False if it is frozen or has none already. */
  stall(): boolean {
    if (this.#waiting !== undefined) return false
    this.#waiting = []
    this.#isStalled = true
    return true
  }

  goOn(timersFirst: boolean): void {
    if (this.#isStalled) this.thaw(timersFirst)
  }

  /** What waited comes one by one: each is a task of its own, and what follows from it comes before the next. */
  thaw(timersFirst: boolean): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    this.#isStalled = false
    if (timersFirst) this.onThawed()
    for (const job of waiting) this.#timeline.after(0, () => this.enter(job))
    if (!timersFirst) this.onThawed()
  }

  kill(how: Ending): void {
    if (!this.isAlive) return
    this.#timeline.tell(this.name, () => `is killed ${how}`)
    this.isAlive = false
    this.#waiting = undefined
    this.onKilled(how)
  }
}
