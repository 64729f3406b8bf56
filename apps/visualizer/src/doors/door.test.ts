import { describe, expect, it } from 'vitest'
import { doorOf } from './door.ts'

describe('an address', () => {
  it('without a hash is the home page', () => {
    for (const hash of ['', '#', '#/']) expect(doorOf(hash)).toEqual({ kind: 'home' })
  })

  it('of a room is Live, also with a name that is none', () => {
    for (const hash of ['#room=quiet-otter-42', '#room=', '#room=not%20a%20room!', '#key=a&room=b&join', '#/live']) {
      expect(doorOf(hash)).toEqual({ kind: 'live' })
    }
  })

  it('that means nothing is the home page, and makes no room', () => {
    for (const hash of ['#nonsense', '#/nowhere', '#/lvie', '#/learning/1', '#key=abc']) {
      expect(doorOf(hash)).toEqual({ kind: 'home' })
    }
  })

  it('names a lesson, or a run that was shared', () => {
    expect(doorOf('#/learn')).toEqual({ kind: 'learn' })
    expect(doorOf('#/learn/figure-8/3')).toEqual({ kind: 'lesson', rest: 'figure-8/3' })
    expect(doorOf('#/present/figure-8/3')).toEqual({ kind: 'present', rest: 'figure-8/3' })
    expect(doorOf('#/embed/figure-8/0')).toEqual({ kind: 'embed', rest: 'figure-8/0' })
    expect(doorOf('#/watch/room=a')).toEqual({ kind: 'watch', rest: 'room=a' })
    expect(doorOf('#/stored')).toEqual({ kind: 'stored' })
    expect(doorOf('#/lab')).toEqual({ kind: 'lab', rest: '' })
    expect(doorOf('#/lab/run=abc')).toEqual({ kind: 'lab', rest: 'run=abc' })
  })
})
