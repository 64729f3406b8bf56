import { expect, test } from 'vitest'
import page from '../../index.html?raw'
import { ROOM_PREFIX } from './room-link.ts'

test('the page’s head tells edge nodes the same prefix of rooms as its tabs use', () => {
  expect(page).toContain(`<meta name="flotilla-room-prefix" content="${ROOM_PREFIX}" />`)
})
