/** A broken invariant throws: continuing would corrupt the log. Never used for anything a peer or a user can cause. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
  /** Which invariant, in the paper's words where it has some. */
  readonly invariant: string
  constructor(invariant: string, values: readonly unknown[]) {
    super(`broken invariant: ${invariant} (${values.join(', ')})`)
    this.invariant = invariant
  }
}

/**
 * Stays on in production. `name` must be a constant, so that asserting costs a comparison and no more: short enough that V8
 * puts it in line wherever it is called, which it does not do with what throws.
 */
export function invariant(holds: boolean, name: string, a?: unknown, b?: unknown): asserts holds {
  if (!holds) broken(name, a, b)
}

function broken(name: string, a: unknown, b: unknown): never {
  throw new InvariantError(name, [a, b])
}
