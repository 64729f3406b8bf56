/**
 * Where traces become the picture: the reducer's view and the sentences for React, published a few times a second at most,
 * and the motion for animation frames, at once.
 */
import type { NodeId, TraceEvent } from '@flotilla/core'
import { Motion } from '../trace-view/motion.ts'
import { narrate, narrateReturn } from '../trace-view/narrate.ts'
import { emptyNarration, type Narration, tell } from '../trace-view/narration.ts'
import { reduce } from '../trace-view/reduce.ts'
import { type ClusterView, emptyView } from '../trace-view/view.ts'

export interface Sighting {
  readonly events: readonly TraceEvent[]
  /** What the node's clock showed when it told this. */
  readonly now: number
  /** Says where a node stands rather than what just happened: nothing to narrate. */
  readonly catchUp: boolean
}

/** Rendering more often than this shows nobody anything more. */
const PUBLISH_EVERY_MS = 40
/** While more happens between two renderings than anybody can follow, the processor is Raft's: render less often. */
const BUSY_EVENTS = 60
const PUBLISH_WHEN_BUSY_MS = 250

export class Picture {
  readonly motion = new Motion()
  /** The wall clock, in milliseconds, by which things move. */
  readonly now: () => number
  /** Called whenever something may have begun to move. */
  onMotion: (() => void) | undefined
  /** This tab's node: what it says of its links is told in words. */
  self: NodeId | undefined
  #view: ClusterView = emptyView
  #narration: Narration = emptyNarration
  #scheduled = false
  #eventsSincePublished = 0
  #wasBusy = false
  readonly #publish: (view: ClusterView, narration: Narration) => void

  constructor(publish: (view: ClusterView, narration: Narration) => void, now = () => performance.now()) {
    this.#publish = publish
    this.now = now
  }

  get view(): ClusterView {
    return this.#view
  }

  see(node: NodeId, sighting: Sighting): void {
    const wall = this.now()
    this.motion.setClock(node, sighting.now, wall)
    const slow = this.motion.pace > 1
    const first = this.#view
    for (const event of sighting.events) {
      const before = this.#view
      this.#view = reduce(before, event)
      this.motion.see(event, wall)
      const sentence = sighting.catchUp ? undefined : narrate(before, this.#view, event, this.self)
      if (sentence) this.#narration = tell(this.#narration, sentence, wall, slow)
    }
    const returned = sighting.catchUp ? narrateReturn(first, this.#view, node) : undefined
    if (returned) this.#narration = tell(this.#narration, returned, wall, slow)
    this.#eventsSincePublished += sighting.events.length
    this.#schedule()
    this.onMotion?.()
  }

  setPace(pace: number): void {
    this.motion.setPace(pace, this.now())
    this.onMotion?.()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const wait = this.#wasBusy ? PUBLISH_WHEN_BUSY_MS : PUBLISH_EVERY_MS
    setTimeout(() => {
      this.#scheduled = false
      this.#wasBusy = this.#eventsSincePublished * PUBLISH_EVERY_MS > BUSY_EVENTS * wait
      this.#eventsSincePublished = 0
      this.#publish(this.#view, this.#narration)
    }, wait)
  }
}
