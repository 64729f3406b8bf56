import { describe, expect, it } from 'vitest'
import { checkEvent } from './told-event.ts'

const entry = { index: 1, term: 1, kind: 'command', text: 'x ← 1' }

describe('checkEvent', () => {
  it('takes no event that claims to be another node’s', () => {
    const crashed = { type: 'crashed', reason: '', node: 'b', at: 0 }
    expect(checkEvent(crashed, 'b')).toEqual(crashed)
    expect(checkEvent(crashed, 'a')).toBeUndefined()
  })

  it.each([
    ['a term that is no term', { type: 'term', term: 2 ** 53, reason: '' }],
    ['a negative index', { type: 'committed', index: -1, reason: '' }],
    ['half an index', { type: 'committed', index: 1.5, reason: '' }],
    ['an entry at index 0', { type: 'appended', entries: [{ ...entry, index: 0 }] }],
    ['entries with a hole', { type: 'appended', entries: [entry, { ...entry, index: 3 }] }],
    [
      'too many entries',
      { type: 'appended', entries: Array.from({ length: 3_000 }, (_, i) => ({ ...entry, index: i + 1 })) },
    ],
    [
      'a member with a name of its own making',
      {
        type: 'configuration',
        index: 1,
        stage: 'appended',
        configuration: {
          members: [{ id: 'x', name: 'leader' }],
          voters: [],
          oldVoters: [],
          namesGiven: 1,
          expelled: [],
        },
      },
    ],
    ['a node id of a megabyte', { type: 'leader', term: 1, leader: 'x'.repeat(1 << 20) }],
    [
      'a message of no known type',
      { type: 'sent', delayMs: 0, message: { id: '1', from: 'a', to: 'b', type: 'Gossip', term: 1, size: 0 } },
    ],
  ])('refuses %s', (_, event) => {
    expect(checkEvent({ ...event, node: 'a', at: 0 }, 'a')).toBeUndefined()
  })

  it('cuts long texts short and mends broken ones: they are only for people', () => {
    const event = checkEvent({ type: 'crashed', reason: `\ud800${'x'.repeat(9_000)}`, node: 'a', at: 0 }, 'a')
    expect(event?.type === 'crashed' && event.reason.length).toBe(160)
    expect(event?.type === 'crashed' && event.reason.isWellFormed()).toBe(true)
  })

  it('lets no field through that the schema does not have', () => {
    const sent: unknown = JSON.parse('{"type":"stopped","node":"a","at":0,"__proto__":{"polluted":1},"html":"<img>"}')
    expect(checkEvent(sent, 'a')).toEqual({ type: 'stopped', node: 'a', at: 0 })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
