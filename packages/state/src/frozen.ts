/** Nobody may change a state but by a mutation: not this page's own code either, or its copy would differ without a sound. */

/**
 * Freezes `state` and all in it. What is at the same place in `before`, which is frozen, is not gone into: of a large state of which
 * little was changed only that little is visited.
 */
export function frozen<T extends object>(state: T, before: unknown): T {
  if (Object.isFrozen(state)) return state
  Object.freeze(state)
  const values: readonly unknown[] = Object.values(state)
  const known: readonly unknown[] = typeof before === 'object' && before !== null ? Object.values(before) : []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value !== known[i] && typeof value === 'object' && value !== null) frozen(value, known[i])
  }
  return state
}
