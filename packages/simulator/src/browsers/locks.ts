/** The Web Locks of a browser: who may have one is decided in the order of asking, or by force; they go with the thread that has them. */
import type { Lock, Locks } from '@flotilla/browser-node/ground'
import type { Random } from '../ground/random.ts'
import type { Page } from '../runtime/page.ts'
import type { Timeline } from '../runtime/timeline.ts'

interface Asked {
  readonly name: string
  readonly thread: Page
  readonly grant: () => void
  readonly rob: () => void
  isHeld: boolean
}

export class BrowserLocks {
  /** Oldest first; whoever takes one by force before all others. */
  #asked: Asked[] = []
  /** Told of each that is taken by force. */
  onStolen: (by: Page, from: Page) => void = () => {}
  readonly #timeline: Timeline
  readonly #random: Random

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline
    this.#random = random
  }

  of(thread: Page): Locks {
    return {
      request: (name, { signal, byForce = false }) =>
        new Promise((resolve, reject) => {
          if (!thread.isAlive) return
          if (signal.aborted) return reject(new Error('given up'))
          let theft = (): void => {}
          const stolen = new Promise<void>(done => {
            theft = done
          })
          const lock: Lock = { release: () => thread.isAlive && this.#forget(asked), stolen }
          const asked: Asked = {
            name,
            thread,
            isHeld: false,
            grant: () => this.#later(thread, () => resolve(lock)),
            rob: () => this.#later(thread, theft),
          }
          signal.addEventListener('abort', () => {
            if (asked.isHeld || !this.#asked.includes(asked)) return
            this.#forget(asked)
            reject(new Error('given up'))
          })
          if (byForce) this.#seize(asked)
          else this.#asked.push(asked)
          this.#grant(name)
        }),
    }
  }

  /** The thread is gone. */
  letGo(thread: Page): void {
    for (const asked of this.#asked.filter(each => each.thread === thread)) this.#forget(asked)
  }

  #seize(asked: Asked): void {
    const holder = this.#asked.find(({ name, isHeld }) => isHeld && name === asked.name)
    if (holder !== undefined) {
      this.#asked = this.#asked.filter(each => each !== holder)
      this.onStolen(asked.thread, holder.thread)
      holder.rob()
    }
    this.#asked.unshift(asked)
  }

  #forget(asked: Asked): void {
    this.#asked = this.#asked.filter(each => each !== asked)
    this.#grant(asked.name)
  }

  #grant(name: string): void {
    const queue = this.#asked.filter(each => each.name === name)
    const [next] = queue
    if (next === undefined || queue.some(({ isHeld }) => isHeld)) return
    next.isHeld = true
    next.grant()
  }

  #later(thread: Page, run: () => void): void {
    this.#timeline.after(this.#random.tail(0, 1), () => thread.enter(run))
  }
}
