/** The commands that ask a room from outside, each as a process of its own: one edge node that understands the room keeps it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge, readTrace } from '@flotilla/trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Flotilla, flotilla } from './fixtures/flotilla.ts'
import { KeptRoom } from './fixtures/kept-room.ts'

const room = new KeptRoom()
beforeAll(() => room.open())
afterAll(() => room.close())

describe('of a room with an edge node that understands it', () => {
  it('propose brings a command without a node here and prints what it gave, and read sees it', async () => {
    const first = await flotilla('propose', room.link, '{"key":"colour","value":"blue"}', ...room.reach)
    expect(first).toMatchObject({ code: 0, out: 'null' })
    const second = await flotilla('propose', room.link, '{"key":"colour","value":"red"}', '--json', ...room.reach)
    expect(JSON.parse(second.out)).toMatchObject({ result: 'blue', index: expect.any(Number) })
    const [state, value, none] = await Promise.all([
      flotilla('read', room.link, ...room.reach),
      flotilla('read', room.link, '/colour', '--json', ...room.reach),
      flotilla('read', room.link, '/shape', '--local', ...room.reach),
    ])
    expect(state).toMatchObject({ code: 0, out: '{"colour":"red"}' })
    expect(JSON.parse(value.out)).toMatchObject({ value: 'red' })
    expect(none).toMatchObject({ code: 1, errors: expect.stringContaining('nothing at /shape') })
  })

  it('snapshot has the node take one now, which inspect finds', async () => {
    const { code, out } = await flotilla('snapshot', room.data, '--json')
    expect(code).toBe(0)
    const { index } = JSON.parse(out)
    const found = async () => JSON.parse((await flotilla('inspect', room.data, '--json')).out)
    await expect.poll(found).toMatchObject({ snapshot: { index }, sound: true })
  })

  it('trace records what happens in it, as the Lab reads and judges it', async () => {
    const file = join(room.scratch, 'room.jsonl')
    const recording = new Flotilla(['trace', room.link, file, '--json', '--seconds', '2', ...room.reach])
    const proposed = flotilla('propose', room.link, '{"key":"traced","value":1}', ...room.reach)
    expect((await Promise.all([recording.ended, proposed])).map(({ code }) => code)).toEqual([0, 0])
    const recorded = readTrace(readFileSync(file, 'utf8'))
    expect(recorded.title).toContain('kept')
    expect(recorded.events.map(({ type }) => type)).toContain('started')
    expect(judge(recorded).flatMap(({ violations }) => violations)).toEqual([])
  })
})
