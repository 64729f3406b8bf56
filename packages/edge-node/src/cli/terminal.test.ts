import { describe, expect, it } from 'vitest'
import { painter, plain, table, terminal } from './terminal.ts'

describe('colours', () => {
  const red = (wanted: boolean, isTerminal: boolean, environment: NodeJS.ProcessEnv): string =>
    painter(wanted, isTerminal, environment)('red', 'x')

  it('are there in a terminal, and nowhere else', () => {
    expect(red(true, true, {})).toBe('\u001b[31mx\u001b[0m')
    expect(red(true, false, {})).toBe('x')
  })

  it.each([
    ['--no-color', false, {}],
    ['NO_COLOR', true, { NO_COLOR: '1' }],
    ['a dumb terminal', true, { TERM: 'dumb' }],
  ])('are kept away by %s', (_, wanted, environment) => expect(red(wanted, true, environment)).toBe('x'))
})

it('what others wrote moves no cursor and turns no text', () => {
  expect(plain('a\u001b[2Jb\u202ec\n')).toBe('a�[2Jb�c�')
})

it('a table is as wide as what is in it', () => {
  expect(
    table([
      ['a', 'bb'],
      ['ccc', 'd'],
    ]),
  ).toBe('a    bb\nccc  d')
})

it('with --json programs get objects and people nothing; complaints go to both', () => {
  const written = { out: '', errors: '' }
  const into = (name: 'out' | 'errors') => ({
    write: (text: string) => {
      written[name] += text
      return true
    },
  })
  for (const isJson of [true, false]) {
    const to = terminal(isJson, (_, text) => text, into('out'), into('errors'))
    to.say('for people')
    to.tell({ for: 'programs' })
    to.complain('wrong')
  }
  expect(written).toEqual({ out: '{"for":"programs"}\nfor people\n', errors: 'wrong\nwrong\n' })
})
