/**
 * A copy of something that runs, with everything that it refers to and with what refers to what: two parts that shared an
 * object share its copy. What nobody ever changes (entries, messages, configurations, bytes) is shared with the original.
 *
 * A function belongs to what it was made in, and cannot be copied: each has to be replaced by name (`instead`), or is left
 * out for whoever takes the copy over to set again. One that was forgotten is an error, and not a copy that meddles with
 * its original.
 */
export class Copying {
  private readonly made = new Map<unknown, unknown>()
  private readonly leftOut: ReadonlySet<string>

  /** @param leftOut fields that are set again by whoever takes the copy over */
  constructor(leftOut: readonly string[]) {
    this.leftOut = new Set(leftOut)
  }

  /** Wherever `original` is met, this stands instead. */
  instead(original: object, copy: object): void {
    this.made.set(original, copy)
  }

  of(value: unknown): unknown {
    if (typeof value === 'function') return this.replaced(value)
    if (typeof value !== 'object' || value === null || isNeverChanged(value)) return value
    const known = this.made.get(value)
    return known ?? this.copied(value)
  }

  private replaced(original: object): unknown {
    const replacement = this.made.get(original)
    if (replacement === undefined) throw new TypeError(`a copy cannot take this function along: ${original}`)
    return replacement
  }

  private copied(value: object): unknown {
    if (Array.isArray(value)) {
      const items: unknown[] = []
      this.made.set(value, items)
      for (const item of value) items.push(this.of(item))
      return items
    }
    if (value instanceof Float64Array || value instanceof Uint32Array) {
      const numbers = value.slice()
      this.made.set(value, numbers)
      return numbers
    }
    if (value instanceof Map) {
      const pairs = new Map<unknown, unknown>()
      this.made.set(value, pairs)
      for (const [key, item] of value) pairs.set(this.of(key), this.of(item))
      return pairs
    }
    if (value instanceof Set) {
      const items = new Set<unknown>()
      this.made.set(value, items)
      for (const item of value) items.add(this.of(item))
      return items
    }
    const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(value))
    this.made.set(value, copy)
    for (const [key, field] of Object.entries(value)) {
      copy[key] = this.leftOut.has(key) ? undefined : this.of(field)
    }
    return copy
  }
}

function isNeverChanged(value: object): boolean {
  if (value instanceof Uint8Array) return true
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  const isEntry = 'kind' in value && 'index' in value && 'term' in value && !('outcome' in value)
  const isConfiguration = 'voters' in value && 'namesGiven' in value
  const isMessage = 'type' in value && 'from' in value && 'to' in value
  const isLetter = 'summary' in value && 'sentIn' in value
  return isEntry || isConfiguration || isMessage || isLetter
}
