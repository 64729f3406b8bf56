/** Reads the fields of a value that somebody else wrote: each is what it must be, or `Malformed` says what it must be. */

/** Longer texts are cut short rather than refused: they are only for people. */
const MAX_TEXT = 160

/** More of one list are refused. */
const MAX_ITEMS = 65_536

export class Malformed extends Error {
  override readonly name = 'Malformed'

  constructor(field: string, expected: string) {
    super(`${field} must be ${expected}`)
  }
}

export class Fields {
  private readonly values: Readonly<Record<string, unknown>>
  /** What stands before a field's name when it is told: empty, or `message.`. */
  private readonly path: string

  /** @throws Malformed if `value` is no object. */
  constructor(value: unknown, path = '') {
    if (!isRecord(value)) throw new Malformed(path === '' ? 'this' : path, 'an object')
    this.values = value
    this.path = path === '' ? '' : `${path}.`
  }

  /** Whether it is there; null is not. */
  has(name: string): boolean {
    return this.raw(name) !== undefined
  }

  /** Whether it is written at all, if only as null. */
  says(name: string): boolean {
    return Object.hasOwn(this.values, name)
  }

  /** All that is written. */
  names(): readonly string[] {
    return Object.keys(this.values)
  }

  /** How a field is called when it is told of. */
  at(name: string): string {
    return `${this.path}${name}`
  }

  /** A whole number from 0. */
  count(name: string, fallback?: number): number {
    return this.read(name, fallback, 'a whole number from 0', asCount)
  }

  /** A whole number from 1: an entry's place in the log. */
  place(name: string, fallback?: number): number {
    return this.read(name, fallback, 'a whole number from 1', value => (value === 0 ? undefined : asCount(value)))
  }

  /** Milliseconds. */
  time(name: string, fallback?: number): number {
    return this.read(name, fallback, 'a number of milliseconds', asTime)
  }

  flag(name: string, fallback?: boolean): boolean {
    return this.read(name, fallback, 'true or false', value => (typeof value === 'boolean' ? value : undefined))
  }

  text(name: string, fallback?: string): string {
    return this.read(name, fallback, 'a text', asText)
  }

  /** A text that is read as a whole, of 1 to 2,000 characters. */
  prose(name: string): string {
    return this.read(name, undefined, 'a text of 1 to 2000 characters', asProse)
  }

  matching(name: string, pattern: RegExp, expected: string): string {
    return this.read(name, undefined, expected, value =>
      typeof value === 'string' && pattern.test(value) ? value : undefined,
    )
  }

  /** A node's name: 1 to 64 characters. */
  node(name: string, fallback?: string): string {
    return this.read(name, fallback, 'the name of a node, of 1 to 64 characters', asNodeId)
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback?: T): T {
    return this.read(name, fallback, `one of ${allowed.join(', ')}`, value => {
      return typeof value === 'string' ? allowed.find(one => one.toLowerCase() === value.toLowerCase()) : undefined
    })
  }

  nodes(name: string, fallback?: readonly string[]): readonly string[] {
    return this.read(name, fallback, 'a list of names of nodes', value => asListOf(value, asNodeId))
  }

  counts(name: string): readonly number[] {
    return this.read(name, undefined, 'a list of whole numbers from 0', value => asListOf(value, asCount))
  }

  lists(name: string): readonly (readonly string[])[] {
    const asNodes = (item: unknown) => asListOf(item, asNodeId)
    return this.read(name, undefined, 'a list of lists of names of nodes', value => asListOf(value, asNodes))
  }

  listOf<T extends string>(name: string, allowed: readonly T[]): readonly T[] {
    return this.read(name, undefined, `a list of these: ${allowed.join(', ')}`, value =>
      asListOf(value, item => allowed.find(one => one === item)),
    )
  }

  texts(name: string, fallback?: readonly string[]): readonly string[] {
    return this.read(name, fallback, 'a list of texts', value => asListOf(value, asText))
  }

  /** An object, or undefined where there is none. */
  record(name: string): Fields | undefined {
    const value = this.raw(name)
    return value === undefined ? undefined : new Fields(value, this.at(name))
  }

  /** An object that must be there. */
  needed(name: string): Fields {
    return new Fields(this.raw(name), this.at(name))
  }

  records<T>(name: string, read: (fields: Fields) => T, fallback?: readonly T[]): readonly T[] {
    const value = this.raw(name)
    if (value === undefined && fallback !== undefined) return fallback
    if (!Array.isArray(value) || value.length > MAX_ITEMS) {
      throw new Malformed(this.at(name), `a list of at most ${MAX_ITEMS}`)
    }
    return value.map((item, i) => read(new Fields(item, `${this.at(name)}[${i}]`)))
  }

  private raw(name: string): unknown {
    const value = Object.hasOwn(this.values, name) ? this.values[name] : undefined
    return value === null ? undefined : value
  }

  private read<T>(name: string, fallback: T | undefined, expected: string, as: (value: unknown) => T | undefined): T {
    const value = this.raw(name)
    const read = value === undefined ? fallback : as(value)
    if (read === undefined) throw new Malformed(this.at(name), expected)
    return read
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function asTime(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e15 ? value : undefined
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT).toWellFormed() : undefined
}

function asProse(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '' || value.length > 2_000) return undefined
  return value.toWellFormed()
}

function asNodeId(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 64 ? value : undefined
}

function asListOf<T>(value: unknown, as: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_ITEMS) return undefined
  const items: T[] = []
  for (const item of value) {
    const read = as(item)
    if (read === undefined) return undefined
    items.push(read)
  }
  return items
}
