import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jsonCodec, type StateMachine } from '@flotilla/cluster'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EdgeProcess } from '../fixtures/edge-process.ts'
import { type RoomServer, roomServer } from '../fixtures/room-server.ts'
import { DATA_FILE, nodeFolder, roomFolder } from '../storage/folders.ts'
import type { EdgeNode } from './edge-node.ts'
import { openEdgeNode } from './edge-node.ts'
import type { EdgeLogEvent } from './log.ts'
import { serveEdgeNode } from './serve.ts'

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-edge-'))
let server: RoomServer
const open: Pick<EdgeNode, 'close'>[] = []

beforeAll(async () => {
  server = await roomServer()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map(node => node.close()))
})
afterAll(async () => {
  await server.stop()
  rmSync(scratch, { recursive: true, force: true })
})

/** A busy machine is no fault. */
const patient = { timeoutMs: 300_000 }
const dataDir = (): string => mkdtempSync(join(scratch, 'data-'))

class Lines implements StateMachine<string, number> {
  readonly command = jsonCodec(String)
  readonly result = jsonCodec(Number)
  lines: string[] = []
  apply(line: string): number {
    return this.lines.push(line)
  }
  snapshot(): Uint8Array {
    return this.command.encode(JSON.stringify(this.lines))
  }
  restore(bytes: Uint8Array): void {
    this.lines = JSON.parse(this.command.decode(bytes))
  }
}

async function node(link: string, start: 'join' | 'open' = 'join') {
  const machine = new Lines()
  const opened = await openEdgeNode({ link, dataDir: dataDir(), machine, start })
  open.push(opened)
  return { ...opened, machine }
}

const voters = ({ cluster }: Pick<EdgeNode<string, number>, 'cluster'>): number =>
  cluster.status().members.filter(({ voter }) => voter).length

describe('an edge node', () => {
  test('carries a room for a newcomer when all who understand it have gone, and answers for its health', async () => {
    const link = server.link('carried')
    const first = await node(link, 'open')
    const events: EdgeLogEvent[] = []
    const edge = await serveEdgeNode({
      link,
      dataDir: dataDir(),
      port: 0,
      log: event => events.push(event),
      signals: [],
    })
    open.push(edge)
    await expect.poll(() => voters(first)).toBe(2)
    expect(await first.cluster.propose('one', patient)).toMatchObject({ result: 1 })
    expect(await first.cluster.propose('two', patient)).toMatchObject({ result: 2 })
    expect(await (await fetch(`${edge.address}/health`)).json()).toMatchObject({
      status: 'ok',
      room: 'carried',
      voters: 2,
    })
    expect(await (await fetch(`${edge.address}/metrics`)).text()).toMatch(/^flotilla_persist_seconds_count [1-9]/m)
    expect((await fetch(`${edge.address}/`)).status).toBe(404)
    expect((await fetch(`${edge.address}/health`, { method: 'POST' })).status).toBe(405)

    // For good, and not only away: that is committed before it goes, however slow the machine is.
    await first.cluster.leave(patient)
    await expect.poll(() => edge.health()).toMatchObject({ status: 'ok', voters: 1 })
    const late = await node(link)
    await expect.poll(() => late.machine.lines).toEqual(['one', 'two'])
    expect(await late.cluster.propose('three', patient)).toMatchObject({ result: 3 })
    await edge.close()
    expect(await edge.ended).toBe(0)
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['open', 'listening', 'state', 'leader', 'closed']),
    )
  })

  test('in a process of its own ends with 0 when it is asked to', async () => {
    const edge = await EdgeProcess.start(server.link('alone'), dataDir())
    expect(await edge.health()).toMatchObject({ status: 'joining' })
    expect(await edge.end('SIGTERM')).toBe(0)
  })

  test('uses a data directory alone, and refuses one that is damaged', async () => {
    const link = server.link('alone')
    const data = dataDir()
    const one = await openEdgeNode({ link, dataDir: data, start: 'open' })
    open.push(one)
    await expect(openEdgeNode({ link, dataDir: data })).rejects.toMatchObject({ kind: 'DataInUse' })
    await one.close()
    truncateSync(join(nodeFolder(roomFolder(data, 'alone'), one.cluster.id), DATA_FILE), 9_000)
    const refused = openEdgeNode({ link, dataDir: data })
    await expect(refused).rejects.toMatchObject({ kind: 'DataDamaged' })
    await expect(refused).rejects.toThrow(/flotilla inspect .* move the directory away/)
  })

  test('says that its link has another key than the one by which it was last in the room, and runs', async () => {
    const link = server.link('keyed')
    const data = dataDir()
    const serve = async (link: string) => {
      const events: EdgeLogEvent[] = []
      const edge = await serveEdgeNode({
        link,
        dataDir: data,
        start: 'open',
        signals: [],
        log: event => events.push(event),
      })
      open.push(edge)
      await expect.poll(() => edge.health()).toMatchObject({ status: 'ok' })
      await edge.close()
      return { otherKey: edge.health().otherKey, told: events.some(({ event }) => event === 'otherKey') }
    }
    const known = { otherKey: undefined, told: false }
    expect(await serve(link)).toEqual(known)
    const warned = { otherKey: expect.stringContaining('start it with that link'), told: true }
    const wrong = server.link('keyed')
    expect(await serve(wrong)).toEqual(warned)
    // What was given wrongly is not believed the second time either.
    expect(await serve(wrong)).toEqual(warned)
    expect(await serve(link)).toEqual(known)
  })

  test('learns of another key from the room, and says that its link is the old one', async () => {
    const link = server.link('rekeyed')
    const data = dataDir()
    const edge = await openEdgeNode({ link, dataDir: data, start: 'open' })
    open.push(edge)
    const removed = await openEdgeNode({ link, dataDir: dataDir() })
    open.push(removed)
    await expect.poll(() => edge.status().members.length).toBe(2)
    expect(edge.otherKey()).toBeUndefined()
    await edge.cluster.removeMember(removed.cluster.id, patient)
    await expect.poll(() => edge.otherKey()).toMatch(/the room has another key/)
    const { key } = edge.status()
    await edge.close()

    const again = await openEdgeNode({ link: link.replace(/key=.*/, `key=${key}`), dataDir: data })
    open.push(again)
    expect(again.otherKey()).toBeUndefined()
  })

  test('says what is wrong with a link, an address or a page', async () => {
    const refusal = (link: string, more = {}) => openEdgeNode({ link, dataDir: dataDir(), ...more })
    await expect(refusal('otter-7')).rejects.toMatchObject({ kind: 'InvalidLink' })
    await expect(refusal('http://127.0.0.1:1/#room=otter-7')).rejects.toThrow(/no key/)
    await expect(refusal('http://127.0.0.1:1/#room=otter-7&key=abc')).rejects.toThrow(/cut short/)
    await expect(refusal('http://127.0.0.1:1/#room=../..&key=abc')).rejects.toThrow(/names no room/)
    await expect(refusal(server.link('x').replace(/:\d+/, ':1'))).rejects.toMatchObject({ kind: 'NoSignaling' })
    await expect(refusal(server.link('x'), { signaling: 'http://x' })).rejects.toMatchObject({ kind: 'InvalidOptions' })
  })
})
