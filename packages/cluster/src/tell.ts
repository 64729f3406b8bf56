/**
 * Calls back into the application. What its callback throws, or comes to reject with later, is the application's own: it is
 * shown where uncaught errors are shown, and ends nothing here. (In Node an uncaught one would end the process.)
 */

export function tell<Event>(listener: (event: Event) => unknown, event: Event): void {
  try {
    disown(listener(event))
  } catch (error) {
    report(error)
  }
}

/** Nobody waits for this value: if it is a promise, its failure is shown. Says whether it is one. */
export function disown(value: unknown): boolean {
  if (!isThenable(value)) return false
  Promise.resolve(value).catch(report)
  return true
}

export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else console.error(error)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return isObject && 'then' in value && typeof value.then === 'function'
}
