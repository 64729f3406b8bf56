/**
 * Rooms that several browsers share, over the server of `npm start`. A context of Playwright is as good as a browser of its
 * own here: it shares neither storage nor a BroadcastChannel with another.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, expect } from '@playwright/test'
import { Flotilla, flotilla, stopAll } from '../../packages/edge-node/src/cli/fixtures/flotilla.ts'
import { machine } from '../../packages/edge-node/src/cli/fixtures/kept-room.ts'
import { natsServers } from '../../packages/nats-signaling/src/fixtures/nats-server.ts'
import { rounds } from '../../scripts/lib/long-run.mjs'
import { test } from '../fixtures/browsers.ts'
import { complaintsOf } from '../fixtures/complaints.ts'
import { firefoxAt } from '../fixtures/firefox-tab.ts'
import { program } from '../fixtures/program.ts'
import { newFragment, RoomServer } from '../fixtures/room-server.ts'
import { Tab } from '../fixtures/tab.ts'
import { startTurn } from '../fixtures/turn-server.ts'
import { until } from '../fixtures/until.ts'
import { voters } from '../fixtures/voters.ts'
import { launchOptions, visualizerAddress } from '../surroundings.ts'

let server: RoomServer
test.beforeAll(async () => {
  server = await RoomServer.start()
})
test.afterAll(() => server.stop())

test('two browsers that open a fresh room in the same moment are one cluster, without a complaint of the page', async ({
  browser,
}) => {
  const complaints: string[] = []
  for (let round = 0; round < rounds(1, 20); round += 1) {
    const room = server.newRoom()
    const contexts = await Promise.all([browser.newContext(), browser.newContext()])
    for (const context of contexts) complaintsOf(context, complaints)
    const tabs = await Promise.all(contexts.map(context => Tab.open(context, room)))
    await voters(tabs, 2)
    const [first, second] = tabs
    if (first === undefined || second === undefined) throw new Error('two tabs')
    await first.set('greeting', `round ${round}`)
    expect(await second.get('greeting', 'linearizable')).toBe(`round ${round}`)
    await Promise.all(contexts.map(context => context.close()))
  }
  expect(complaints).toEqual([])
})

test('a room goes on without its server, and lets others in again when that is back', async ({ browser }) => {
  const own = await RoomServer.start()
  const room = own.newRoom()
  const tabs = await Promise.all([0, 1].map(() => opened(browser, room)))
  await voters(tabs, 2)
  await own.stop()
  const [first, second] = tabs
  if (first === undefined || second === undefined) throw new Error('two tabs')
  await first.set('key', 'without a server')
  expect(await second.get('key', 'linearizable')).toBe('without a server')

  const again = await RoomServer.start(own.port)
  const third = await opened(browser, room)
  await voters([...tabs, third], 3)
  expect(await third.get('key', 'linearizable')).toBe('without a server')
  await again.stop()
})

test('a browser that opens a room’s link while nobody of it is there waits and says so; made anew it is only after a warning @long', async ({
  browser,
}) => {
  const members = await browser.newContext()
  const first = await Tab.open(members, server.newRoom())
  await first.joined()
  const link = first.page.url()
  expect(link).toMatch(/&join$/)
  await first.set('key', 'from before')
  const { clusterId } = await first.status()
  await first.page.close()

  const invited = await Tab.open(await browser.newContext(), link)
  await expect(invited.page.getByRole('heading', { name: 'Nobody of this room is here yet.' })).toBeVisible()
  expect(await invited.status()).toMatchObject({ state: 'joining', clusterId: undefined })
  const back = await Tab.open(members, link)
  await voters([back, invited], 2)
  expect(await invited.status()).toMatchObject({ clusterId })
  expect(await invited.get('key', 'linearizable')).toBe('from before')
  await members.close()
  await invited.page.context().close()

  const late = await Tab.open(await browser.newContext(), link)
  await late.page.getByRole('button', { name: 'Make it anew …' }).click()
  await expect(late.page.getByRole('heading', { name: 'Make this room anew?' })).toBeVisible()
  await late.page.getByRole('button', { name: 'Wait on' }).click()
  await late.page.getByRole('button', { name: 'Make it anew …' }).click()
  await late.page.getByRole('button', { name: 'Make it anew', exact: true }).click()
  await late.joined()
  expect((await late.status()).clusterId).not.toBe(clusterId)
  expect(late.page.url()).toBe(link)
})

test('the command line writes and reads where only a tab of Live is open', { tag: '@long' }, async ({ browser }) => {
  const tab = await opened(browser, server.newRoom())
  const link = tab.page.url()
  const proposed = await flotilla('propose', link, '["key","from a shell"]')
  expect(proposed.errors).toContain('committed')
  expect(await tab.get('key', 'linearizable')).toBe('from a shell')
  expect(await flotilla('read', link)).toMatchObject({ code: 0, out: '[["key","from a shell"]]' })
  expect((await tab.status()).members).toHaveLength(1)
})

test('what the command line traced of a room of Live opens in the Lab', { tag: '@long' }, async ({ browser }) => {
  const tab = await opened(browser, server.newRoom())
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-traced-'))
  try {
    const file = join(folder, 'room.jsonl')
    await tab.joined()
    await tab.set('traced', 'by a shell')
    expect(await tab.get('traced', 'linearizable')).toBe('by a shell')
    const recording = new Flotilla(['trace', tab.page.url(), file, '--timeout', '120'])
    // What it is told first is where everybody stands.
    await expect.poll(() => recording.said).toContain('recording')
    expect(await recording.stop('SIGINT')).toMatchObject({ code: 0 })

    const lab = await tab.page.context().newPage()
    await lab.goto(`${visualizerAddress}#/lab`)
    await lab.getByRole('button', { name: 'Run', exact: true }).click()
    await lab.getByLabel('Open a trace').setInputFiles(file)
    await expect(lab.getByText('No property is broken that a trace alone can decide.')).toBeVisible()
    await lab.getByRole('button', { name: 'To the beginning' }).press('End')
    await expect(lab.getByRole('listitem', { name: /, traced ← by a shell, committed$/ })).toBeVisible()
  } finally {
    stopAll()
    await rm(folder, { recursive: true, force: true })
  }
})

test('the command line keeps a room and asks it where there is NATS and nothing else', { tag: '@long' }, async () => {
  program('nats-server')
  const nats = await natsServers(1)
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-over-nats-'))
  const link = `http://127.0.0.1:1/${newFragment()}`
  const reach = ['--nats', nats.servers.map(({ url }) => url).join(','), '--timeout', '120']
  try {
    const node = new Flotilla(['serve', link, '--data', folder, '--machine', machine, '--create', ...reach.slice(0, 2)])
    await node.line(line => line.includes('"state":"ok"'))
    expect(await flotilla('propose', link, '{"key":"colour","value":"blue"}', ...reach)).toMatchObject({ code: 0 })
    expect(await flotilla('read', link, '/colour', ...reach)).toMatchObject({ code: 0, out: 'blue' })
    expect(await node.stop()).toMatchObject({ code: 0 })
  } finally {
    stopAll()
    await nats.release()
    await rm(folder, { recursive: true, force: true })
  }
})

test('whoever has the link without its key, or with another, is not in the room', async ({ browser }) => {
  const room = server.newRoom()
  const inside = await opened(browser, room)
  await voters([inside], 1)
  const outside = await opened(
    browser,
    room.replace(/key=(.)/, (_, first) => `key=${first === 'A' ? 'B' : 'A'}`),
  )
  await voters([outside], 1)
  expect((await outside.status()).clusterId).not.toBe((await inside.status()).clusterId)
  const cut = await browser.newContext().then(context => context.newPage())
  await cut.goto(room.slice(0, -1))
  await expect(cut.getByText('This room’s name cannot be used.').first()).toBeVisible()
})

test('three Chromium profiles and a Firefox are one room: 100 writes, its leader’s browser and its server killed', {
  tag: '@long',
}, async () => {
  const firefox = program('firefox')
  const own = await RoomServer.start()
  let again: RoomServer | undefined
  await fourBrowsers(firefox, own.newRoom(), {
    lose: () => own.stop(),
    restore: async () => {
      again = await RoomServer.start(own.port)
    },
  })
  await again?.stop()
})

test('the same over two NATS servers, of which one is killed', { tag: '@long' }, async () => {
  program('nats-server')
  const firefox = program('firefox')
  const nats = await natsServers(2)
  const own = await RoomServer.start(
    0,
    '127.0.0.1',
    nats.servers.map(({ url }) => url),
  )
  try {
    await fourBrowsers(firefox, own.newRoom(), { lose: async () => nats.servers[0]?.kill(), restore: async () => {} })
  } finally {
    await own.stop()
    await nats.release()
  }
})

test('the same by a TURN server only', { tag: '@long' }, async () => {
  const turn = await startTurn(program('turnserver'))
  const firefox = program('firefox')
  const ice = { iceServers: [turn.ice], iceTransportPolicy: 'relay' }
  const own = await RoomServer.start(0, '127.0.0.1', [], ice)
  let again: RoomServer | undefined
  try {
    await fourBrowsers(firefox, own.newRoom(), {
      lose: () => own.stop(),
      restore: async () => {
        again = await RoomServer.start(own.port, '127.0.0.1', [], ice)
      },
    })
  } finally {
    await again?.stop()
    await turn.stop()
  }
})

/** Agreement, 100 writes, the leader's browser killed, signalling lost and restored, and nothing lost that was acknowledged. */
async function fourBrowsers(
  firefox: string,
  room: string,
  signaling: { lose(): Promise<void>; restore(): Promise<void> },
): Promise<void> {
  const profiles = await Promise.all([0, 1, 2].map(() => mkdtemp(join(tmpdir(), 'flotilla-profile-'))))
  const contexts = await Promise.all(profiles.map(profile => chromium.launchPersistentContext(profile, launchOptions)))
  const fox = await firefoxAt(firefox, room)
  try {
    let tabs = await Promise.all(contexts.map(context => Tab.open(context, room)))
    await voters(tabs, 4)
    await until('all are linked without the help of others', async () => {
      const statuses = await Promise.all(tabs.map(tab => tab.status()))
      const links = statuses.flatMap(({ id, members }) => members.filter(member => member.id !== id))
      return links.every(({ link }) => link === 'direct') || undefined
    })
    const acknowledged: string[] = []
    const write = async (count: number) => {
      for (let i = 0; i < count; i += 1) {
        const tab = tabs[i % tabs.length]
        const value = `${acknowledged.length}`
        if ((await tab?.trySet('count', value))?.ok) acknowledged.push(value)
      }
    }
    await write(50)

    const leaders = await Promise.all(tabs.map(async tab => (await tab.status()).role === 'leader'))
    const leading = Math.max(0, leaders.indexOf(true))
    await contexts[leading]?.close()
    tabs = tabs.filter((_, i) => i !== leading)
    await until('another leads', async () => (await tabs[0]?.status())?.leader)
    await write(25)

    await signaling.lose()
    await write(15)
    await signaling.restore()
    await write(10)

    expect(acknowledged.length).toBeGreaterThan(90)
    for (const tab of tabs) {
      await tab.get('count', 'linearizable')
      const applied = (await tab.history()).map(({ value }) => value)
      for (const value of acknowledged) expect(applied).toContain(value)
    }
  } finally {
    await Promise.all(contexts.map(context => context.close().catch(() => undefined)))
    await fox.stop()
    await Promise.all(profiles.map(profile => rm(profile, { recursive: true, force: true, maxRetries: 5 })))
  }
}

async function opened(browser: Browser, room: string): Promise<Tab> {
  return Tab.open(await browser.newContext(), room)
}
