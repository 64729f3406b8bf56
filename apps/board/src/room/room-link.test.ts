import { expect, it } from 'vitest'
import { MAX_NAME, ROOM_PREFIX, roomIn, roomOf } from './room-link.ts'

it('a name that fits keeps the room that it had', () => {
  expect(roomOf({ room: 'board-1a2b3c4d' })).toBe('on-board_board-1a2b3c4d')
  const longest = 'b'.repeat(MAX_NAME)
  expect(roomIn(`#room=${longest}`)).toEqual({ room: longest })
  expect(roomOf({ room: longest })).toHaveLength(64)
})

it('two names that are alike but for their ends are never one board', () => {
  const alike = 'b'.repeat(MAX_NAME - 3)
  const rooms = ['one', 'two'].map(end => roomIn(`#room=${alike}${end}`))
  expect(rooms).toEqual([{ room: `${alike}one` }, { room: `${alike}two` }])
  for (const end of ['-one', '-two']) expect(roomIn(`#room=${alike}${end}`)).toBe('too-long')
})

it('a board of a longer name, of which the end was left off before, is where the words send for it', () => {
  const long = `${'b'.repeat(MAX_NAME)}-one`
  expect(roomOf({ room: long.slice(0, MAX_NAME) })).toBe(`${ROOM_PREFIX}${long}`.slice(0, 64))
})

it('a name of other characters cannot be, however long', () => {
  expect(roomIn('#room=a/b')).toBe('invalid')
  expect(roomIn(`#room=${'ö'.repeat(99)}`)).toBe('invalid')
  expect(roomIn('#room=')).toBeUndefined()
})
