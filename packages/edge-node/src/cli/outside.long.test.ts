/** What else is done with a room from outside, and with what it holds: each command as a process of its own. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flotilla } from './fixtures/flotilla.ts'
import { KeptRoom, newLink } from './fixtures/kept-room.ts'

const room = new KeptRoom()
beforeAll(() => room.open())
afterAll(() => room.close())

it('propose ends with 1 when the application refuses a command or cannot read it, and says what it threw', async () => {
  const [refused, unknown, unreadable] = await Promise.all(
    ['{"key":"forbidden"}', '{}', 'hello'].map(command => flotilla('propose', room.link, command, ...room.reach)),
  )
  const said = 'the application’s machine could not read the command, or refused it: '
  for (const [ended, thrown] of [
    [refused, 'nobody may write this'],
    [unknown, 'a command has a key'],
    [unreadable, 'SyntaxError'],
  ] as const) {
    expect(ended).toMatchObject({ code: 1, errors: expect.stringContaining(`${said}${thrown}\n`) })
    expect(ended?.errors).toContain('docs/command-line.md')
  }
})

describe('flotilla export and import', () => {
  it('make another room of what one holds, from outside and from a disk, and refuse a file that was altered', async () => {
    const [state, log, altered] = [
      join(room.scratch, 'state'),
      join(room.scratch, 'log'),
      join(room.scratch, 'altered.jsonl'),
    ]
    await flotilla('propose', room.link, '{"key":"kept","value":[1,2]}', ...room.reach)
    expect(await flotilla('export', room.link, state, ...room.reach)).toMatchObject({ code: 0 })
    // A disk knows a second later what is committed.
    await expect.poll(async () => (await flotilla('export', room.data, log)).code).toBe(0)
    const again = await flotilla('export', room.data, log)
    expect(again).toMatchObject({ code: 1, errors: expect.stringContaining('EEXIST') })

    writeFileSync(altered, readFileSync(state, 'utf8').replace('"part":"', '"part":"AA'))
    const [refused, made, logMade] = await Promise.all([
      flotilla('import', altered, join(room.scratch, 'altered')),
      flotilla('import', state, join(room.scratch, 'another'), '--room', 'another', '--json'),
      flotilla('import', log, join(room.scratch, 'from-log'), '--room', 'another', '--json'),
    ])
    expect(refused).toMatchObject({ code: 3, errors: expect.stringContaining('altered') })
    expect([made.code, logMade.code]).toEqual([0, 0])

    const another = `http://127.0.0.1:1/${JSON.parse(made.out).hash}`
    const node = room.serve(another, join(room.scratch, 'another'))
    const { code, out } = await flotilla('read', another, '/kept', ...room.reach)
    expect([code, out]).toEqual([0, '[1,2]'])
    expect((await node.stop()).code).toBe(0)
  })
})

it('a link that is none, a page that nobody serves and a room that nobody is in are told apart', async () => {
  const nobody = newLink('empty')
  const [none, dead, empty] = await Promise.all([
    flotilla('read', 'http://127.0.0.1:1/#room=kept&key=short', ...room.signaling),
    flotilla('propose', nobody, 'x'),
    flotilla('read', nobody, ...room.signaling, '--timeout', '1'),
  ])
  expect(none).toMatchObject({ code: 2, errors: expect.stringContaining('a key has 22 characters') })
  expect(dead).toMatchObject({ code: 4, errors: expect.stringContaining('--signaling') })
  expect(empty.code).toBe(4)
})
