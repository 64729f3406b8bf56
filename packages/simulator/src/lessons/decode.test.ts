import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadSwitches } from '../lab/switchable-raft.ts'
import { LessonError, MAX_LESSON_CHARS, readLesson } from './decode.ts'
import { rehearse } from './rehearse.ts'

beforeAll(loadSwitches)

const blank = readFileSync(new URL('../../../../docs/blank-lesson.json', import.meta.url), 'utf8')

const refusal = (text: string): string => {
  try {
    readLesson(text)
  } catch (error) {
    if (error instanceof LessonError) return error.message
    throw error
  }
  return 'taken'
}

describe('a lesson file', () => {
  it('can be begun from the blank one, which plays as it stands', () => {
    expect(rehearse(readLesson(blank))).toEqual([])
  })

  it.each([
    ['a node that is not there', '"S3"', '"S7"', /expect\[0\]\.node must be one of S1, S2, S3; there is no «S7»/],
    [
      'a rule that is not known',
      '"nodes": 3',
      '"nodes": 3, "off": ["sleep"]',
      /^setup\.off must be a list of these: oneVote/,
    ],
    [
      'a property that is not known',
      '{ "unbroken": true }',
      '{ "broken": "Luck" }',
      /broken must be one of Election Safety/,
    ],
    [
      'an instruction that is not known',
      '"settle"',
      '"wait"',
      /^steps\[1\]\.do\[1\]\.type must be one of play, settle/,
    ],
    [
      'a turn to a later step',
      '"say": "S1',
      '"from": { "after": 9 }, "say": "S1',
      /^steps\[1\]\.from\.after must be at most 1/,
    ],
    ['ten nodes', '"nodes": 3', '"nodes": 10', /^setup\.nodes must be 1 to 9/],
    ['another version', '"lesson": 1', '"lesson": 2', /^lesson must be the version 1/],
    ['an id with a blank', '"id": "my-lesson"', '"id": "my lesson"', /^id must be made of/],
    ['an option meant that is not there', '"meant": 1', '"meant": 3', /^steps\[1\]\.ask\.meant must be at most 2/],
    ['no option meant', '"meant": 1,', '', /^steps\[1\]\.ask\.meant must be a whole number from 1/],
    [
      'a question, and nothing that is expected',
      '[{ "node": "S1", "role": "leader", "term": 1 }, { "unbroken": true }]',
      '[]',
      /^steps\[1\]\.expect must be a list of at least one/,
    ],
    ['nothing said', '"say": "S1', '"say": "", "was": "S1', /^steps\[1\]\.say must be a text/],
    ['a comma too many', '"lesson": 1,', '"lesson": 1,,', /^this is no JSON/],
  ])('says where it has %s', (_, from, to, message) => {
    expect(blank).toContain(from)
    expect(refusal(blank.replace(from, to))).toMatch(message)
  })

  it('is refused when it is longer than any lesson', () => {
    expect(refusal(' '.repeat(MAX_LESSON_CHARS + 1))).toMatch(/at most/)
  })

  it('says what does not come true when it is played', () => {
    const wrong = blank.replace('"role": "leader", "term": 1', '"role": "leader", "term": 7')
    expect(rehearse(readLesson(wrong)).map(({ place }) => place)).toContain('steps[1].expect[0]')
  })

  it('says when another option comes true than the one that is meant', () => {
    const other = blank.replace('"meant": 1', '"meant": 2')
    expect(rehearse(readLesson(other)).map(({ place }) => place)).toEqual(['steps[1].ask.options[1].when[0]'])
  })

  it('says when it asks, and expects nothing but that nothing breaks', () => {
    const vague = blank.replace('{ "node": "S1", "role": "leader", "term": 1 }, { "unbroken"', '{ "unbroken"')
    expect(rehearse(readLesson(vague)).map(({ place }) => place)).toEqual(['steps[1].expect'])
  })

  it('is a lesson or says why not, whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.nat(blank.length - 1), fc.string({ maxLength: 3 }), (at, text) => {
        expect(typeof refusal(blank.slice(0, at) + text + blank.slice(at + 1))).toBe('string')
      }),
    )
  })
})
