import { expect, it } from 'vitest'
import { Script } from '../trace-view/fixtures/script.ts'
import { reduce } from '../trace-view/reduce.ts'
import { seats } from '../trace-view/roster.ts'
import { emptyView } from '../trace-view/view.ts'
import { titleOf } from './title.ts'

it('tells five tabs of one room apart', () => {
  // All of them were called "Flotilla Live".
  const script = new Script(['a', 'b', 'c']).elect('b').crash('c')
  const view = script.events.reduce(reduce, emptyView)
  const everyone = seats(view, undefined)
  const titles = everyone.map(seat =>
    titleOf({ phase: seat.presence === 'crashed' ? 'crashed' : 'running', room: 'otter', seat }),
  )
  expect(titles).toEqual(['S1 · follower · otter', 'S2 · leader · otter', 'S3 · crashed · otter'])
})

it('says what a tab is about before its node has a name', () => {
  const room = 'otter'
  expect(titleOf({ phase: 'opening', room, seat: undefined })).toBe('Flotilla · opening · otter')
  expect(titleOf({ phase: 'broken', room, seat: undefined })).toBe('Flotilla · not open · otter')
  const view = new Script(['a']).elect('a').arrival('b').events.reduce(reduce, emptyView)
  const [, seat] = seats(view, 'b')
  expect(titleOf({ phase: 'joining', room, seat })).toBe('Flotilla · joining · otter')
})
