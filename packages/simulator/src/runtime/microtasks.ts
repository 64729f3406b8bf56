/**
 * Lets everything that follows without time passing happen: promises that settle, and what waits for them.
 *
 * A platform starts a new task only when no microtask is left, however many of them have begotten others (HTML, "perform a
 * microtask checkpoint"; Node does the same). So one hop through a message channel, which Node and browsers have alike, is
 * as long as it takes; waiting for some number of microtasks would be a guess.
 */
export interface MicrotaskDrain {
  /** Resolves when no microtask is left. One call at a time. */
  runDry(): Promise<void>
  /** An open channel keeps a process alive. */
  close(): void
}

export function microtaskDrain(): MicrotaskDrain {
  const { port1, port2 } = new MessageChannel()
  let arrived = (): void => {}
  port1.addEventListener('message', () => arrived())
  port1.start()
  return {
    runDry: () =>
      new Promise(resolve => {
        arrived = resolve
        port2.postMessage(null)
      }),
    close: () => port1.close(),
  }
}
