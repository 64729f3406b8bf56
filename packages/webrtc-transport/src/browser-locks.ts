/** For tests: the Web Locks of one browser, as far as signs of life ask for them. A thread that ends lets go of all that it held or waited for. */
import type { Locks } from './sign-of-life.ts'

interface Request {
  readonly name: string
  readonly thread: number
  readonly isShared: boolean
  grant(): Promise<unknown>
}

export interface Thread {
  readonly locks: Locks
  end(): void
}

export class BrowserLocks {
  #threads = 0
  readonly #ended = new Set<number>()
  #held: readonly Request[] = []
  #waiting: readonly Request[] = []

  get held(): number {
    return this.#held.length
  }

  get waiting(): number {
    return this.#waiting.length
  }

  thread(): Thread {
    const thread = this.#threads++
    return {
      locks: { request: (name, options, callback) => this.#request(thread, name, options, callback) },
      end: () => {
        this.#ended.add(thread)
        this.#waiting = this.#waiting.filter(request => request.thread !== thread)
        this.#held = this.#held.filter(request => request.thread !== thread)
        this.#look()
      },
    }
  }

  #request<T>(
    thread: number,
    name: string,
    { mode = 'exclusive', ifAvailable = false, signal }: LockOptions,
    callback: (lock: Lock | null) => T | PromiseLike<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#ended.has(thread)) return
      if (ifAvailable && signal !== undefined) return reject(new DOMException('not both', 'NotSupportedError'))
      if (signal?.aborted) return reject(signal.reason)
      const request: Request = {
        name,
        thread,
        isShared: mode === 'shared',
        grant: async () => resolve(await callback({ name, mode })),
      }
      if (ifAvailable && !this.#isFree(request, this.#waiting))
        return void Promise.resolve(callback(null)).then(resolve, reject)
      this.#waiting = [...this.#waiting, request]
      signal?.addEventListener('abort', () => {
        if (!this.#waiting.includes(request)) return
        this.#waiting = this.#waiting.filter(other => other !== request)
        reject(signal.reason)
        this.#look()
      })
      this.#look()
    })
  }

  /** Grants what can be granted, in the order in which it was asked for. */
  #look(): void {
    const request = this.#waiting.find((request, i) => this.#isFree(request, this.#waiting.slice(0, i)))
    if (request === undefined) return
    this.#waiting = this.#waiting.filter(other => other !== request)
    this.#held = [...this.#held, request]
    queueMicrotask(() => {
      if (this.#ended.has(request.thread)) return
      void request.grant().finally(() => {
        this.#held = this.#held.filter(other => other !== request)
        this.#look()
      })
    })
    this.#look()
  }

  #isFree({ name, isShared }: Request, before: readonly Request[]): boolean {
    const held = this.#held.filter(other => other.name === name)
    return held.every(other => isShared && other.isShared) && !before.some(other => other.name === name)
  }
}
