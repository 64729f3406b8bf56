import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withCalled } from './called.ts'
import { cleanName, MAX_NAME_LETTERS, shortened } from './called-name.ts'
import { reduce } from './reduce.ts'
import { emptyView } from './view.ts'

describe('a name', () => {
  it.each([
    ['Ada', 'Ada'],
    ['  Ada \n Lovelace\t', 'Ada Lovelace'],
    ['Zoë', 'Zoë'],
    ['Zoe\u0308', 'Zoë'],
    ['עדה', 'עדה'],
    ['أحمد', 'أحمد'],
    ['李雷', '李雷'],
    ['🦊', '🦊'],
    ['', undefined],
    [' \u200b\u2060\ufeff ', undefined],
  ])('%j is %j', (raw, clean) => {
    expect(cleanName(raw)).toBe(clean)
  })

  it('cannot turn the text around it, end its line, or run over the lines beside it', () => {
    expect(cleanName('a\u202eb\u2066c\u200fd')).toBe('a b c d')
    expect(cleanName('a\u2028b\u0000c')).toBe('a b c')
    expect(cleanName(`a${'\u0300\u0301'.repeat(50)}`)?.length).toBeLessThanOrEqual(4)
    expect(cleanName('\ud800half')).toBe('�half')
  })

  it('is never long, and clean when it is clean', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), raw => {
        const name = cleanName(raw)
        if (name === undefined) return
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^\s|\s$/u)
        expect((name.match(/\P{M}\p{M}*/gu) ?? []).length).toBeLessThanOrEqual(MAX_NAME_LETTERS)
        expect(cleanName(name)).toBe(name)
      }),
    )
  })

  it('is shortened between letters', () => {
    expect(shortened('Ada Lovelace', 5)).toBe('Ada…')
    expect(shortened('Ada', 5)).toBe('Ada')
  })
})

describe('who is called what', () => {
  const members = ['a', 'b', 'c'].map((id, i) => ({ id, name: `S${i + 1}` }))
  const configuration = { members, voters: ['a', 'b'], oldVoters: [], namesGiven: 3, expelled: [] }
  const started = { type: 'started', node: 'a', at: 0, term: 1, votedFor: undefined, snapshotIndex: 0 } as const
  const base = reduce(emptyView, { ...started, snapshotTerm: 0, entries: [], configuration })
  const view = reduce(base, { type: 'link', node: 'a', at: 0, peer: 'b', up: true })
  const names = (from: string, called: readonly (readonly [string, string | undefined])[]) => [
    ...withCalled(view, 'a', from, called).called,
  ]

  it('is what the owner says, and of who is not linked what others say', () => {
    expect(names('b', [['b', 'Bob']])).toEqual([['b', 'Bob']])
    expect(names('b', [['c', 'Cleo']])).toEqual([['c', 'Cleo']])
  })

  it('is not what somebody else says of this tab, of who is linked, or of nobody', () => {
    expect(
      names('c', [
        ['a', 'Fool'],
        ['b', 'Fool'],
        ['x', 'Fool'],
      ]),
    ).toEqual([])
  })

  it('is nothing again when the owner takes it back', () => {
    const named = withCalled(view, 'a', 'b', [['b', 'Bob']])
    expect([...withCalled(named, 'a', 'b', [['b', undefined]]).called]).toEqual([])
    expect(withCalled(named, 'a', 'b', [['b', 'Bob']])).toBe(named)
  })
})
