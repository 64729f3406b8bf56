// @vitest-environment happy-dom
import type { Present, SharedStatus } from '@flotilla/state'
import { act } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type BoardRoom, boardRoom } from '../fixtures/board-room.ts'
import { type Shown, shownIn } from '../fixtures/shown.tsx'
import { Banner } from './banner.tsx'

let room: BoardRoom
let shown: Shown | undefined

beforeEach(async () => {
  room = await boardRoom()
})
afterEach(async () => {
  vi.useRealTimers()
  await shown?.remove()
  shown = undefined
  await room.close()
})

const member = (id: string, name: string, connected: boolean): SharedStatus['members'][number] => ({
  id,
  name,
  voter: true,
  connected,
  leads: false,
  isSelf: false,
})

/** What the node says of a room in which nobody leads. */
function members(...members: SharedStatus['members']): void {
  const missing = members.filter(({ connected }) => !connected).map(({ name }) => name)
  const { status } = room.session.state
  const told: SharedStatus = { ...status.get(), hasQuorum: false, leader: undefined, members, missing }
  vi.spyOn(status, 'get').mockReturnValue(told)
}

function present(...values: readonly Present['value'][]): void {
  const told = values.map((value, i) => ({ id: `page ${i}`, node: `node ${i}`, value, heardAt: 0 }))
  vi.spyOn(room.session.state.presence.others, 'get').mockReturnValue(told)
}

async function banner(session = room.session): Promise<string> {
  vi.useFakeTimers()
  shown = await shownIn(session, <Banner />)
  await act(() => vi.advanceTimersByTimeAsync(6_000))
  return shown.element.textContent
}

const invited = (): BoardRoom['session'] => ({ ...room.session, link: { room: 'board', joins: true } })

it('for whom it waits is said by name, with what helps against it', async () => {
  members(member('node 0', 'S1', false), member('self', 'S2', true))
  present({ name: 'Mira' })
  const text = await banner()
  expect(text).toContain('2 of 2 must agree; you reach 1.')
  expect(text).toContain('It waits for Mira. Open the board on one more device that had it.')
})

it('one that may be a server is not said to be a device', async () => {
  members(member('edge', 'S1', false))
  present()
  const text = await banner()
  expect(text).toContain('1 of 1 must agree; you reach 0.')
  expect(text).toContain('It waits for S1, which may be a server: start that again')
  expect(text).not.toContain('one more device')
})

it('of several how many are enough is said, and that a server may be among them', async () => {
  members(
    member('node 0', 'S1', false),
    member('edge', 'S2', false),
    member('other', 'S3', false),
    member('self', 'S4', true),
  )
  present({ name: 'Lena' })
  expect(await banner()).toContain(
    'It waits for 2 of Lena, S2, and S3. Open the board on 2 more devices that had it; a server has to be started again.',
  )
})

it('whoever is invited while somebody is there who cannot let them in is told so, and not to make the board anew', async () => {
  members()
  present({ name: 'New', waiting: true }, { name: 'Lena' })
  const text = await banner(invited())
  expect(text).toContain('Lena is here, and cannot let anybody in yet.')
  expect(text).not.toContain('Nobody of this board')
  expect(text).not.toContain('anew')
})

it('others who wait as well are nobody of the board', async () => {
  members()
  present({ name: 'New', waiting: true })
  const text = await banner(invited())
  expect(text).toContain('Nobody of this board is here yet.')
  expect(text).toContain('Make it anew')
})
