import { describe, expect, it } from 'vitest'
import { doorOf } from './door.ts'

describe('an address', () => {
  it('of a room is Live, also with a name that is none', () => {
    for (const hash of ['', '#room=quiet-otter-42', '#room=', '#nonsense', '#/live']) {
      expect(doorOf(hash)).toEqual({ kind: 'live' })
    }
  })

  it('of the Lab is the Lab', () => {
    expect(doorOf('#/lab')).toEqual({ kind: 'lab' })
  })
})
