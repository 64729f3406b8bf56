import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeEnvelope } from '@flotilla/cluster'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lmdbStorage } from '../storage/shelf.ts'
import { Flotilla, flotilla, stopAll } from './fixtures/flotilla.ts'
import { newLink } from './fixtures/kept-room.ts'

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-cli-'))
afterAll(() => {
  stopAll()
  rmSync(scratch, { recursive: true, force: true })
})

describe('flotilla', () => {
  it('lists its commands, without colours where the output is no terminal', async () => {
    const [help, none] = await Promise.all([flotilla('--help'), flotilla()])
    expect(help).toMatchObject({ code: 0, errors: '' })
    expect(help.out).toContain('inspect <data-dir>')
    expect(help.out).not.toContain('\u001b')
    expect(none.code).toBe(2)
  })

  it('ends with 2 and says what is wrong with the command line', async () => {
    const [unknown, missing, option, tooMany] = await Promise.all([
      flotilla('sail'),
      flotilla('inspect'),
      flotilla('inspect', 'x', '--bogus'),
      flotilla('inspect', 'x', 'y'),
    ])
    for (const { code, out } of [unknown, missing, option, tooMany]) expect([code, out]).toEqual([2, ''])
    expect(unknown.errors).toContain('there is no command “sail”')
    expect(missing.errors).toContain('<data-dir> is missing')
    expect(option.errors).toContain('--bogus')
    expect(tooMany.errors).toContain('“y” is one word too many')
  })
})

describe('flotilla serve', () => {
  it('says what a link lacks, and which option names a server that its page does not', async () => {
    const data = ['--data', join(scratch, 'none')]
    const link = newLink('todos')
    const [nameless, silent] = await Promise.all([
      flotilla('serve', link.replace('room=todos&', ''), ...data),
      flotilla('serve', link, ...data),
    ])
    expect(nameless).toMatchObject({ code: 64, errors: expect.stringContaining('openNode') })
    expect(silent).toMatchObject({ code: 69, errors: expect.stringContaining('--signaling') })
  })

  it('ends with 74 where no directory can be made', async () => {
    const nowhere = process.platform === 'linux' ? '/proc/flotilla/data' : join(fileURLToPath(import.meta.url), 'data')
    const { code, errors } = await flotilla(
      'serve',
      newLink('todos'),
      '--data',
      nowhere,
      '--signaling',
      'ws://127.0.0.1:1',
    )
    expect([code, errors]).toEqual([74, expect.stringContaining(`the data directory ${nowhere} cannot be used`)])
  })
})

describe('flotilla inspect', () => {
  const data = join(scratch, 'data')
  const said = 'put colour blue'
  beforeAll(async () => {
    const command = {
      kind: 'command',
      session: 1,
      sequence: 1,
      firstUnanswered: 1,
      command: Buffer.from(said),
    } as const
    const node = await lmdbStorage(data)('kv').create({ nodeId: 'a', clusterId: 'c'.repeat(32) })
    await node.persist({
      token: 1,
      hardState: { currentTerm: 7, votedFor: 'b' },
      snapshot: undefined,
      truncateFrom: 0,
      entries: [
        { index: 1, term: 1, kind: 'noop', data: null },
        { index: 2, term: 7, kind: 'command', data: encodeEnvelope(command) },
      ],
    })
    await node.close()
  })

  it('shows term, vote and entries decoded, as text and as JSON, and says that all is sound', async () => {
    const [text, json] = await Promise.all([flotilla('inspect', data), flotilla('inspect', data, '--json')])
    expect(text).toMatchObject({ code: 0, errors: '' })
    expect(text.out).toContain('7, voted for b')
    expect(text.out).toContain(`command 1 of session 1, ${said}`)
    expect(text.out).toContain('sound')
    expect(JSON.parse(json.out)).toMatchObject({
      room: 'kv',
      node: 'a',
      running: false,
      term: 7,
      votedFor: 'b',
      sound: true,
    })
  })

  it('names what a disk flipped, and ends with 3', async () => {
    const path = join(data, 'room-kv', 'node-a', 'data.mdb')
    const sound = readFileSync(path)
    const spoiled = Buffer.from(sound)
    for (let at = spoiled.indexOf(said); at >= 0; at = spoiled.indexOf(said, at + 1)) spoiled[at] = 0x71
    writeFileSync(path, spoiled)
    const { code, out } = await flotilla('inspect', data)
    writeFileSync(path, sound)
    expect(out).toContain('entry 2 is not what was written: its checksum differs')
    expect(code).toBe(3)
  })

  it('ends with 1 where there is nothing', async () => {
    expect(await flotilla('inspect', join(scratch, 'nowhere'))).toMatchObject({ code: 1, out: '' })
  })
})

describe('flotilla signal', () => {
  it('serves until it is told to stop', async () => {
    const server = new Flotilla(['signal', '--port', '0', '--origins', '*'])
    const { port } = JSON.parse(await server.line(line => line.includes('listening')))
    expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toMatchObject({ status: 'ok' })
    expect((await server.stop()).code).toBe(0)
  })

  it('refuses to let in pages that nobody named, and a port that is none', async () => {
    const [nobody, port] = await Promise.all([flotilla('signal'), flotilla('signal', '--origins', '*', '--port', 'x')])
    expect(nobody).toMatchObject({ code: 2, errors: expect.stringContaining('--origins must name') })
    expect(port).toMatchObject({ code: 2, errors: expect.stringContaining('--port must be') })
  })
})
