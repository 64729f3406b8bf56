/** What the tabs of one browser have in common, as it is used here: locks that end with their tab, and a channel that all hear. */

export interface Lock {
  /** Others can have it. Twice is once. */
  release(): void
  /** Resolves if somebody took it by force. */
  readonly stolen: Promise<void>
}

export interface Locks {
  /** Waits for its turn, or takes it from whoever has it (`byForce`). Rejects when it is given up, or cannot be had at all. */
  request(name: string, options: { readonly signal: AbortSignal; readonly byForce?: boolean }): Promise<Lock>
}

/** What is used of a BroadcastChannel. */
export interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent) => void) | null
  close(): void
}

/** The browser's own. They need a secure context. */
export const webLocks: Locks = {
  request(name, { signal, byForce = false }) {
    return new Promise((resolve, reject) => {
      let letGo = (): void => {}
      const held = new Promise<void>(done => {
        letGo = done
      })
      let granted = false
      // The browser takes either a signal or force.
      const ended = navigator.locks.request(name, byForce ? { steal: true } : { signal }, () => {
        granted = true
        resolve({ release: letGo, stolen })
        return held
      })
      const stolen = new Promise<void>(theft => ended.catch(() => granted && theft()))
      ended.catch((error: unknown) => granted || reject(error))
    })
  },
}

export const broadcastChannel = (name: string): Channel => new BroadcastChannel(name)
