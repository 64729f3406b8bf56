import { describe, expect, it } from 'vitest'
import { Script } from './fixtures/script.ts'
import { reduce } from './reduce.ts'
import { isBeyondMending, quorumOf } from './roster.ts'
import { emptyView } from './view.ts'

const room = (): Script => new Script(['a', 'b', 'c'], 20).elect('a')
const seenFromA = ({ events }: Script): ReturnType<typeof quorumOf> => quorumOf(events.reduce(reduce, emptyView), 'a')

describe('a majority that is missing', () => {
  it('is beyond mending when the tabs are closed', () => {
    const quorum = seenFromA(room().close('b').close('c'))
    expect(quorum.missing.map(({ why }) => why)).toEqual(['closed', 'closed'])
    expect(isBeyondMending(quorum)).toBe(true)
  })

  it('is not while healing links, or starting a crashed node, would bring it back', () => {
    const parted = seenFromA(room().cut(['b', 'c']))
    expect(parted.lost).toBe(true)
    expect(isBeyondMending(parted)).toBe(false)
    const crashed = seenFromA(room().close('b').crash('c'))
    expect(crashed.lost).toBe(true)
    expect(isBeyondMending(crashed)).toBe(false)
  })

  it('is none while there is one', () => {
    expect(isBeyondMending(seenFromA(room().close('b')))).toBe(false)
  })
})
