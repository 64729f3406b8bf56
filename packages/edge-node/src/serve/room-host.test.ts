import { expect, test } from 'vitest'
import { readRoomHost } from './room-host.ts'

const page = new URL('https://flotilla.example/board/')

test('what a page’s head says of its rooms is read, and what it does not say is not there', () => {
  const head = '<meta name="flotilla-signaling" content="/s" /><meta name="flotilla-room-prefix" content="on-board_">'
  expect(readRoomHost(head, page)).toMatchObject({ signaling: 'wss://flotilla.example/s', roomPrefix: 'on-board_' })
  expect(readRoomHost('', page)).toMatchObject({ signaling: undefined, nats: [], iceServers: [], roomPrefix: '' })
})
