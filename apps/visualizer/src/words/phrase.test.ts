import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { speak } from './language.ts'
import { phrase } from './phrase.ts'

afterEach(() => speak('en'))

describe('what another package says in fixed words', () => {
  it('is what it is in English', () => {
    expect(phrase('stale term')).toBe('stale term')
  })

  it('is said in German, with its values', async () => {
    await speak('de')
    expect(phrase('stale term')).toBe('veraltete Amtszeit')
    expect(phrase('S2 is frozen already.')).toBe('S2 steht schon still.')
    expect(phrase('S2 is frozen.')).toBe('S2 steht still.')
    expect(phrase('S1 votes for S2 in term 3, and has voted for S4')).toBe(
      'S1 stimmt in Amtszeit 3 für S2 und hat für S4 gestimmt',
    )
  })

  it('is said in German within a value, too', async () => {
    await speak('de')
    expect(phrase('line 7: index must be a whole number from 1')).toBe('Zeile 7: index muss sein: eine ganze Zahl ab 1')
  })

  it('is left as it is where nobody here has said it', async () => {
    await speak('de')
    expect(phrase('somebody else’s reason')).toBe('somebody else’s reason')
  })
})

describe('the German book has', () => {
  beforeEach(() => speak('de'))

  const packages = join(import.meta.dirname, '../../../../packages')
  const sources = (folder: string) =>
    readdirSync(join(packages, folder), { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map(path => readFileSync(join(packages, folder, path), 'utf8'))
      .join('\n')

  /** What is said the same in German; with `{}` for each value. */
  const missing = (text: string, said: RegExp) =>
    [...text.matchAll(said)]
      .map(([, words = '']) => words.replace(/\$\{[^}]*\}/g, '{}'))
      .filter(words => phrase(words) === words)

  it('every reason that core gives for a vote, a role and a refusal', () => {
    const reasons =
      /(?:refuse|becomeFollower|setRole|answerVote|answerPreVote|adoptTerm)\([^'`\n]*['`]([^'`]+ [^'`]+)['`]/g
    expect([...sources('core/src').matchAll(reasons)].length).toBeGreaterThan(20)
    expect(missing(sources('core/src'), reasons)).toEqual([])
  })

  it('every reason why a move cannot be made in the Lab', () => {
    const reasons = /impossible\(['`]([^'`]+)['`]\)/g
    expect([...sources('simulator/src/lab').matchAll(reasons)].length).toBeGreaterThan(10)
    expect(missing(sources('simulator/src/lab'), reasons)).toEqual([])
  })

  it('what breaks each property that the Lab watches', () => {
    // Two bounds on memory are the core's own, and no switch breaks them.
    const told = /\breport\([`]([^`]+)[`]\)/g
    const folder = 'simulator/src/invariants'
    expect([...sources(folder).matchAll(told)].length).toBeGreaterThan(40)
    const isBound = (text: string) => /threshold|bytes|messages under way|at once; the bound/.test(text)
    expect(missing(sources(folder), told).filter(text => !isBound(text))).toEqual([])
  })

  it('every reason why a link does not lead to a run', () => {
    expect(missing(sources('simulator/src/lab'), /ShareError\('\w+', ['`]([^'`]+)['`]\)/g)).toEqual([])
  })
})
