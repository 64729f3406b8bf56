/** The commands about rooms that run, each as a process of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jsonCodec, type StateMachine } from '@flotilla/cluster'
import { newRoomSecret } from '@flotilla/webrtc-transport'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EdgeNode, openEdgeNode } from '../serve/edge-node.ts'
import { Flotilla, flotilla, stopAll } from './fixtures/flotilla.ts'

/** What the room is about does not matter here. */
const machine: StateMachine<string, null> = {
  command: { encode: text => new TextEncoder().encode(text), decode: bytes => new TextDecoder().decode(bytes) },
  result: jsonCodec(() => null),
  apply: () => null,
  snapshot: () => new Uint8Array(),
  restore: () => undefined,
}

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-run-'))
let signaling = ''

beforeAll(async () => {
  const { port } = JSON.parse(await new Flotilla(['signal', '--port', '0', '--origins', '*']).line())
  signaling = `ws://127.0.0.1:${port}/signaling`
})

afterAll(() => {
  stopAll()
  rmSync(scratch, { recursive: true, force: true })
})

/** Of a room that nobody has been in. */
const newLink = (room: string): string => `http://127.0.0.1:1/#room=${room}&key=${newRoomSecret()}`
const words = (link: string, data: string, ...more: readonly string[]): string[] => [
  link,
  '--data',
  data,
  '--signaling',
  signaling,
  '--patience',
  '600',
  ...more,
]

/** A busy machine is no fault. */
const PATIENT = ['--timeout', '600'] as const

interface Shown {
  readonly leader: string
  readonly members: readonly { readonly id: string; readonly name: string; readonly voter: boolean }[]
}

const hasVoters = (count: number) => (line: string) => {
  const { members }: Shown = JSON.parse(line)
  return members.filter(({ voter }) => voter).length === count
}

describe('of two edge nodes and one that understands the room', () => {
  const [a, b] = [join(scratch, 'a'), join(scratch, 'b')]
  let tab: EdgeNode<string, null>
  let first: Flotilla
  let other = ''
  let me = ''

  beforeAll(async () => {
    const link = newLink('operated')
    // Edge nodes carry a room without understanding it; somebody must, for a client to be answered.
    tab = await openEdgeNode({
      link,
      signaling,
      dataDir: join(scratch, 'tab'),
      start: 'open',
      machine,
      openTimeoutMs: 600_000,
    })
    first = new Flotilla(['serve', ...words(link, a, '--port', '0')])
    me = JSON.parse(await first.line(line => line.includes('"open"'))).node
    const second = new Flotilla(['serve', ...words(link, b)])
    other = JSON.parse(await second.line(line => line.includes('"open"'))).node
  })

  afterAll(() => tab.close())

  it('watch shows them as soon as they vote, and ends when it is told to', async () => {
    const watching = new Flotilla(['watch', a, '--json'])
    await watching.line(hasVoters(3))
    expect((await watching.stop('SIGINT')).code).toBe(0)
  })

  it('status, members and leader say so, for people and for programs', async () => {
    const [text, json, members] = await Promise.all([
      flotilla('status', a),
      flotilla('status', b, '--json'),
      flotilla('members', a),
    ])
    expect([text.code, json.code, members.code]).toEqual([0, 0, 0])
    expect(text.out).toContain('operated')
    expect(text.out).toContain(me)
    expect(JSON.parse(json.out)).toMatchObject({ id: other, room: 'operated', state: 'running' })
    expect(members.out).toContain(other)
    // Between two leaders it says that there is none, and ends with 5.
    const leader = async () => JSON.parse((await flotilla('leader', b, '--json')).out).leader
    await expect.poll(leader).toMatch(new RegExp(`${me}|${other}|${tab.cluster.id}`))
  })

  it('transfer hands leadership to the one that is named', async () => {
    const terms = (): number => tab.status().term
    const before = terms()
    // Edge nodes give way to whoever understands the room, so that it may lead for a moment only.
    await expect.poll(async () => (await flotilla('transfer', a, other, ...PATIENT)).code).toBe(0)
    await expect.poll(terms).toBeGreaterThan(before)
  })

  it('propose commits a command as a client that is not a member, which inspect finds on the disk', async () => {
    const proposed = await flotilla('propose', a, '{"put":"colour"}', '--json', ...PATIENT)
    expect(proposed).toMatchObject({ code: 0, errors: '' })
    const { index } = JSON.parse(proposed.out)
    const { out, code } = await flotilla('inspect', a, '--all')
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`${index} .*\\{"put":"colour"\\}`))
  })

  it('remove takes one out and keeps it out, and add lets it in', async () => {
    expect(await flotilla('remove', a, other, ...PATIENT)).toMatchObject({ code: 0 })
    const alone = new Flotilla(['watch', a, '--json'])
    await alone.line(hasVoters(2))
    await alone.stop('SIGINT')
    expect(await flotilla('add', a, other, '--learner', ...PATIENT)).toMatchObject({ code: 0 })
    expect((await flotilla('members', a)).out).toContain(other)
    const refused = await flotilla('remove', a, 'no such name', ...PATIENT)
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('MembershipRefused') })
  })

  it('a node that was ended does not answer, and the command ends with 4', async () => {
    expect((await first.stop()).code).toBe(0)
    const { code, errors } = await flotilla('status', a)
    expect(code).toBe(4)
    expect(errors).toContain('flotilla serve starts one')
  })
})

it('flotilla recover says who is missing and changes nothing, until it is told whom to give up', async () => {
  const link = newLink('lost')
  const [kept, gone] = [join(scratch, 'kept'), join(scratch, 'gone')]
  new Flotilla(['serve', ...words(link, kept, '--create')])
  const other = new Flotilla(['serve', ...words(link, gone)])
  const { node: lost } = JSON.parse(await other.line(line => line.includes('"open"')))
  const watching = new Flotilla(['watch', kept, '--json'])
  await watching.line(hasVoters(2))
  await watching.stop()
  expect(await flotilla('recover', kept)).toMatchObject({ code: 1, errors: expect.stringContaining('nothing to') })

  await other.stop('SIGKILL')
  await expect
    .poll(async () => (await flotilla('recover', kept)).errors)
    .toMatch(new RegExp(`no majority since [\\s\\S]*--abandon ${lost}`))
  expect(await flotilla('recover', kept, '--abandon', 'somebody else')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('MembershipRefused'),
  })
  await expect.poll(async () => (await flotilla('recover', kept, '--abandon', lost)).code).toBe(0)
  await expect.poll(async () => (await flotilla('leader', kept)).code).toBe(0)
  expect((await flotilla('members', kept)).out).not.toContain(lost)
})

describe('flotilla lead', () => {
  it('runs a command where the leader is, and in a later term on the other one when that ends', async () => {
    const link = newLink('duty')
    const program = 'console.log("term " + process.env.FLOTILLA_TERM); setInterval(() => {}, 1000)'
    const run = (data: string, ...more: readonly string[]): Flotilla =>
      new Flotilla(['lead', ...words(link, join(scratch, data), ...more), '--', process.execPath, '-e', program])
    const one = run('duty-1', '--create')
    const term = Number((await one.line(line => line.startsWith('term'))).slice(5))
    const two = run('duty-2')
    const seen = new Flotilla(['watch', join(scratch, 'duty-1'), '--json'])
    await seen.line(hasVoters(2))
    await seen.stop()
    expect((await one.stop()).code).toBe(0)
    const next = Number((await two.line(line => line.startsWith('term'))).slice(5))
    expect(next).toBeGreaterThan(term)
    await two.stop()
  })

  it('ends with the code of the command, and refuses to run none', async () => {
    const data = join(scratch, 'code')
    const ends = words(newLink('code'), data, '--create')
    expect(await flotilla('lead', ...ends, '--', process.execPath, '-e', 'process.exit(7)')).toMatchObject({ code: 7 })
    expect(await flotilla('lead', ...ends)).toMatchObject({ code: 2, errors: expect.stringContaining('-- command') })
  })
})

it('flotilla serve says what is wrong with a link, and with a page that nobody serves', async () => {
  const [cut, dead, none] = await Promise.all([
    flotilla('serve', 'http://127.0.0.1:1/#room=x&key=short'),
    flotilla('serve', newLink('nowhere'), '--data', join(scratch, 'nowhere')),
    flotilla('serve'),
  ])
  expect(none).toMatchObject({ code: 2, errors: expect.stringContaining('FLOTILLA_LINK') })
  expect(cut).toMatchObject({ code: 64, errors: expect.stringContaining('a key has 22 characters') })
  expect(dead).toMatchObject({ code: 69, errors: expect.stringContaining('is not known') })
})
