import { afterEach, expect, it } from 'vitest'
import { type Client, client, type RunningServer, runningServer } from './fixtures/running-server.ts'
import { Missed } from './missed.ts'

let server: RunningServer | undefined
afterEach(() => server?.stop())

/** Who else is in the room, as the server tells it. */
async function present(one: Client): Promise<unknown> {
  one.say(['who'])
  return one.next()
}

it('who was cut off without a goodbye counts as there until it is back, and not after its goodbye', async () => {
  server = await runningServer()
  const fresh = await client(server.url, 'room', 'fresh')
  const member = await client(server.url, 'room', 'member')
  const left = await client(server.url, 'room', 'left')
  member.socket.terminate()
  left.socket.close(1000)
  await Promise.all([member.ended, left.ended])
  await expect.poll(() => server?.signaling.health().sockets).toBe(1)
  expect(await present(fresh)).toEqual(['present', ['member']])
  expect(await present(await client(server.url, 'another-room'))).toEqual(['present', []])

  const back = await client(server.url, 'room', 'member')
  back.socket.close(1001)
  await back.ended
  await expect.poll(() => server?.signaling.health().sockets).toBe(2)
  expect(await present(fresh)).toEqual(['present', []])
})

it('a visitor that hangs up because the server seemed silent has said no goodbye', async () => {
  server = await runningServer()
  const fresh = await client(server.url, 'room', 'fresh')
  const member = await client(server.url, 'room', 'member')
  member.socket.close()
  await member.ended
  await expect.poll(() => server?.signaling.health().sockets).toBe(1)
  expect(await present(fresh)).toEqual(['present', ['member']])
})

it('nobody is missed for longer than a while, and no more than so many', () => {
  const missed = new Missed({ missedForMs: 1_000, maxMissed: 3 })
  missed.add('room', 'a', 0)
  missed.add('room', 'b', 500)
  expect(missed.in('room', 999)).toEqual(['a', 'b'])
  expect(missed.in('room', 1_000)).toEqual(['b'])
  for (let i = 0; i < 3; i++) missed.add('other', `${i}`, 1_200)
  expect(missed.in('room', 1_200)).toEqual([])
  expect(missed.in('other', 1_200)).toEqual(['0', '1', '2'])
})

it('who is cut off again is missed from then on', () => {
  const missed = new Missed({ missedForMs: 1_000, maxMissed: 3 })
  missed.add('room', 'a', 0)
  missed.isBack('room', 'a')
  missed.add('room', 'a', 800)
  expect(missed.in('room', 1_500)).toEqual(['a'])
  expect(missed.in('room', 1_800)).toEqual([])
})
