/**
 * A conformance suite is a list of cases that any runner can run: Vitest in Node, or a page in a browser.
 * A case fails by throwing (or rejecting).
 */
export interface ConformanceCase<Subject> {
  /** A sentence: what the implementation promises. */
  readonly name: string
  run(subject: Subject): Promise<void>
}

/** Throws unless `condition` holds. */
export function expect(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`conformance: ${promise}`)
}
