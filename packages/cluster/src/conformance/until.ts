/** Waiting in a conformance case: for a condition, never for a time. The limit is only there so that a failure ends. */

const LIMIT_MS = 20_000

export async function until(condition: () => boolean, promise: string): Promise<void> {
  const limit = performance.now() + LIMIT_MS
  while (!condition()) {
    if (performance.now() > limit) throw new Error(`conformance: ${promise} (waited ${LIMIT_MS} ms)`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}
