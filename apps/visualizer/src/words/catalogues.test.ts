/** Every section says the same things in every language: the compiler holds the keys together, and this what it cannot see. */
import { expect, it } from 'vitest'

type Words = Readonly<Record<string, unknown>>

const english = import.meta.glob<{ readonly words: Words }>('./en/*.ts', { eager: true })
const german = import.meta.glob<{ readonly words: Words }>('./de/*.ts', { eager: true })

/** The same in both: names, and words that German took over. */
const SAME = new Set([
  'Raft',
  'Live',
  'Logs',
  'Client',
  'Clients',
  'Snapshot',
  'Follower',
  'Leader',
  'Cluster',
  'Log',
  'Index',
  'match',
  'next',
])

const named = Object.entries(english).map(([path, { words }]) => {
  const name = path.slice('./en/'.length, -'.ts'.length)
  return { name, en: words, de: german[`./de/${name}.ts`]?.words }
})

it('there are sections, and each is there in German', () => {
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter(({ de }) => de === undefined).map(({ name }) => name)).toEqual([])
  expect(Object.keys(german)).toHaveLength(named.length)
})

it.each(named)('$name: no key is missing, none is left over, and none is empty', ({ en, de }) => {
  expect(shapeOf(de)).toEqual(shapeOf(en))
  expect(leavesOf(de).filter(({ value }) => value === '')).toEqual(leavesOf(en).filter(({ value }) => value === ''))
})

it.each(named)('$name: nothing was left in English', ({ en, de }) => {
  const said = new Map(leavesOf(en).map(({ path, value }) => [path, value]))
  const left = leavesOf(de).filter(({ path, value }) => {
    if (typeof value !== 'string' || !/\p{L}{3}/u.test(value) || SAME.has(value)) return false
    // One word without a space may be a name of Raft's, such as commitIndex.
    return said.get(path) === value && (/\s/.test(value) || /^[A-Z]?[a-z]+$/.test(value))
  })
  expect(left).toEqual([])
})

interface Leaf {
  readonly path: string
  readonly value: unknown
}

function leavesOf(words: unknown, path = ''): readonly Leaf[] {
  if (typeof words !== 'object' || words === null) return [{ path, value: words }]
  return Object.entries(words).flatMap(([key, value]) => leavesOf(value, path === '' ? key : `${path}.${key}`))
}

/** What kind of thing each key is; of a function not how many parameters it names, because one may not need them all. */
const shapeOf = (words: unknown) =>
  leavesOf(words)
    .map(({ path, value }) => `${path}: ${typeof value}`)
    .sort()
