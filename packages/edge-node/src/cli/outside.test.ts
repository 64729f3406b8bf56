/** The commands that ask a room from outside, each as a process of its own: one edge node that understands the room keeps it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { judge, readTrace } from '@flotilla/trace'
import { newRoomSecret } from '@flotilla/webrtc-transport'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Flotilla, flotilla, stopAll } from './fixtures/flotilla.ts'

const machine = fileURLToPath(new URL('./fixtures/key-value.ts', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'flotilla-outside-'))
const data = join(scratch, 'data')
const link = `http://127.0.0.1:1/#room=kept&key=${newRoomSecret()}`
let reach: readonly string[] = []

beforeAll(async () => {
  const { port } = JSON.parse(await new Flotilla(['signal', '--port', '0', '--origins', '*']).line())
  // A busy machine is no fault.
  reach = ['--signaling', `ws://127.0.0.1:${port}/signaling`, '--timeout', '500']
  const [way = '', address = ''] = reach
  const node = new Flotilla([
    'serve',
    link,
    '--data',
    data,
    '--create',
    '--machine',
    machine,
    '--patience',
    '600',
    way,
    address,
  ])
  await node.line(line => line.includes('"state":"ok"'))
})

afterAll(() => {
  stopAll()
  rmSync(scratch, { recursive: true, force: true })
})

describe('of a room with an edge node that understands it', () => {
  it('propose brings a command without a node here and prints what it gave, and read sees it', async () => {
    const first = await flotilla('propose', link, '{"key":"colour","value":"blue"}', ...reach)
    expect(first).toMatchObject({ code: 0, out: 'null' })
    const second = await flotilla('propose', link, '{"key":"colour","value":"red"}', '--json', ...reach)
    expect(JSON.parse(second.out)).toMatchObject({ result: 'blue', index: expect.any(Number) })
    const [state, value, none] = await Promise.all([
      flotilla('read', link, ...reach),
      flotilla('read', link, '/colour', '--json', ...reach),
      flotilla('read', link, '/shape', '--local', ...reach),
    ])
    expect(state).toMatchObject({ code: 0, out: '{"colour":"red"}' })
    expect(JSON.parse(value.out)).toMatchObject({ value: 'red' })
    expect(none).toMatchObject({ code: 1, errors: expect.stringContaining('nothing at /shape') })
  })

  it('propose ends with 1 when the application rejects a command', async () => {
    const { code, errors } = await flotilla('propose', link, '{"key":"forbidden"}', ...reach)
    expect(errors).toContain('nobody may write this')
    expect(code).toBe(1)
  })

  it('snapshot has the node take one now, which inspect finds', async () => {
    const { code, out } = await flotilla('snapshot', data, '--json')
    expect(code).toBe(0)
    const { index } = JSON.parse(out)
    const found = async () => JSON.parse((await flotilla('inspect', data, '--json')).out)
    await expect.poll(found).toMatchObject({ snapshot: { index }, sound: true })
  })

  it('trace records what happens in it, as the Lab reads and judges it', async () => {
    const file = join(scratch, 'room.jsonl')
    const recording = new Flotilla(['trace', link, file, '--json', '--seconds', '2', ...reach])
    const proposed = flotilla('propose', link, '{"key":"traced","value":1}', ...reach)
    expect((await Promise.all([recording.ended, proposed])).map(({ code }) => code)).toEqual([0, 0])
    const recorded = readTrace(readFileSync(file, 'utf8'))
    expect(recorded.title).toContain('kept')
    expect(recorded.events.map(({ type }) => type)).toContain('started')
    expect(judge(recorded).flatMap(({ violations }) => violations)).toEqual([])
  })
})

it('a link that is none, a page that nobody serves and a room that nobody is in are told apart', async () => {
  const nobody = `http://127.0.0.1:1/#room=empty&key=${newRoomSecret()}`
  const [way = '', address = ''] = reach
  const [none, dead, empty] = await Promise.all([
    flotilla('read', 'http://127.0.0.1:1/#room=kept&key=short', way, address),
    flotilla('propose', nobody, 'x'),
    flotilla('read', nobody, way, address, '--timeout', '1'),
  ])
  expect(none).toMatchObject({ code: 2, errors: expect.stringContaining('a key has 22 characters') })
  expect(dead).toMatchObject({ code: 4, errors: expect.stringContaining('is not known') })
  expect(empty.code).toBe(4)
})
