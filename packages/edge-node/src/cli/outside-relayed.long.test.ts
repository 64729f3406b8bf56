/** A room whose members cannot meet: what its page says lets nobody be connected, so that the signalling server carries all. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newRoomSecret } from '@flotilla/webrtc-transport'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Flotilla, flotilla, stopAll } from './fixtures/flotilla.ts'
import { machine } from './fixtures/kept-room.ts'

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-relayed-'))
const page = createServer()
let link = ''

beforeAll(async () => {
  const { port } = JSON.parse(await new Flotilla(['signal', '--port', '0', '--origins', '*']).line())
  const ice = JSON.stringify({ iceServers: [], iceTransportPolicy: 'relay' })
  page.on('request', (_, answer) =>
    answer.end(
      `<meta name="flotilla-signaling" content="ws://127.0.0.1:${port}/signaling"><meta name="flotilla-ice" content='${ice}'>`,
    ),
  )
  await once(page.listen(0, '127.0.0.1'), 'listening')
  const address = page.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  link = `http://127.0.0.1:${address.port}/#room=relayed&key=${newRoomSecret()}`
  const node = new Flotilla(['serve', link, '--data', join(scratch, 'data'), '--machine', machine, '--create'])
  await node.line(line => line.includes('"state":"ok"'))
})

afterAll(() => {
  stopAll()
  page.close()
  rmSync(scratch, { recursive: true, force: true })
})

it('propose and read reach an edge node through the signalling server alone', async () => {
  const patient = ['--timeout', '500']
  expect(await flotilla('propose', link, '{"key":"colour","value":"blue"}', ...patient)).toMatchObject({ code: 0 })
  expect(await flotilla('read', link, '/colour', ...patient)).toMatchObject({ code: 0, out: 'blue' })
})
