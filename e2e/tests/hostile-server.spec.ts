/**
 * A signalling server that means ill, against real browsers: whatever it does with what it is given, two who have the room's
 * key become one cluster of two, or are kept apart and say so; nobody else gets in, and it learns nothing. What the same
 * attacks do to the protocol, step by step, is in `attacks.test.ts` and `relayed-link.test.ts` of the transport.
 */
import { randomUUID } from 'node:crypto'
import { deriveRoomKeys } from '@flotilla/webrtc-transport'
import { type Browser, type BrowserContext, expect } from '@playwright/test'
import { sealWith } from '../../packages/webrtc-transport/src/seal.ts'
import { test } from '../fixtures/browsers.ts'
import { complaintsOf } from '../fixtures/complaints.ts'
import { HostileServer, type Told } from '../fixtures/hostile-server.ts'
import { Tab } from '../fixtures/tab.ts'
import { voters } from '../fixtures/voters.ts'

let server: HostileServer
test.beforeEach(async () => {
  server = await HostileServer.start()
})
test.afterEach(() => server.stop())

const tag = '@long'

interface Pair {
  readonly room: string
  readonly tabs: readonly Tab[]
  readonly complaints: string[]
  close(): Promise<void>
}

async function pairIn(browser: Browser, room = server.newRoom()): Promise<Pair> {
  const complaints: string[] = []
  const contexts: BrowserContext[] = [await browser.newContext(), await browser.newContext()]
  for (const context of contexts) complaintsOf(context, complaints)
  const tabs = await Promise.all(contexts.map(context => Tab.open(context, room)))
  return { room, tabs, complaints, close: async () => void (await Promise.all(contexts.map(each => each.close()))) }
}

/** They are one cluster of exactly those two, which works; the server has heard a lot and understood nothing. */
async function areOneAndUnread({ room, tabs, complaints }: Pair): Promise<void> {
  await voters(tabs, 2)
  const [first, second] = tabs
  if (first === undefined || second === undefined) throw new Error('two tabs')
  const said = `of the members ${randomUUID()}`
  // Where signals are lost a link that breaks takes its time to come back, longer than a write is waited for.
  await expect(() => first.set('said', said)).toPass()
  expect(await second.get('said', 'linearizable')).toBe(said)
  const ids = (await Promise.all(tabs.map(tab => tab.id()))).sort()
  for (const tab of tabs) expect((await tab.status()).members.map(({ id }) => id).sort()).toEqual(ids)
  expect(complaints).toEqual([])
  hasUnderstoodNothing(room, [said])
}

function hasUnderstoodNothing(room: string, said: readonly string[]): void {
  const { searchParams } = new URL(room.replace('#', '?'))
  const secrets = [...searchParams.values(), ...said]
  const ofSignals = ['a=fingerprint', 'sha-256', 'ice-ufrag', 'candidate', 'typ host', 'webrtc-datachannel', 'meeting:']
  expect(server.told.length).toBeGreaterThan(0)
  // As it came, and with what could be letters for bytes read as bytes. No word is so short that chance could spell it.
  const unsealed = server.told.map(({ text }) => Buffer.from(text.slice(text.indexOf('|') + 1), 'base64url'))
  const read = Buffer.concat([...server.seen, ...unsealed]).toString('latin1')
  for (const secret of [...secrets, ...ofSignals]) expect(read.includes(secret), secret).toBe(false)
}

test('reads all, and brings somebody with another key into the room: who is neither heard nor let in', {
  tag,
}, async ({ browser }) => {
  const pair = await pairIn(browser)
  await voters(pair.tabs, 2)
  const stranger = await Tab.open(
    await browser.newContext(),
    pair.room.replace(/key=(.)/, (_, first) => `key=${first === 'A' ? 'B' : 'A'}`),
  )
  await expect(stranger.page.getByRole('heading', { name: 'The way to the other tabs does not open.' })).toBeVisible()
  expect((await stranger.status()).clusterId).toBeUndefined()
  await areOneAndUnread(pair)
  await stranger.page.context().close()
  await pair.close()
})

const elsewhere = (told: Told, text: string): Told => ({ ...told, text })
/** The body is sealed: what stands before it is not. */
const parts = ({ text }: Told): readonly [string, string] => [
  text.slice(0, text.indexOf('|') + 1),
  text.slice(text.indexOf('|') + 1),
]

/** What it does with each text. Where it forges, the forged come first: believed, they would push out the true one. */
const attacks: readonly [string, () => HostileServer['treat']][] = [
  [
    'replays what was said, again and again, to one and to all',
    () => {
      const kept: Told[] = []
      return told => {
        kept.push(told)
        const again = kept.slice(-3)
        return [...again, ...again.map(each => ({ ...each, to: null }))]
      }
    },
  ],
  [
    'swaps the contents of signals, and changes, cuts and makes up some',
    () => {
      let before = 'A'.repeat(80)
      return told => {
        const [header, body] = parts(told)
        const middle = body.length >> 1
        const other = body[middle] === 'A' ? 'B' : 'A'
        const forged = [before, body.slice(0, middle) + other + body.slice(middle + 1), body.slice(0, middle), '']
        before = body
        return [...forged.map(each => elsewhere(told, header + each)), told]
      }
    },
  ],
  [
    'relabels: another number, another stream, another addressee',
    () => told => [
      elsewhere(told, told.text.replace(/:\d+/, ':999999')),
      elsewhere(told, told.text.replace(/^.{32}/, 'f'.repeat(32))),
      { to: null, text: told.text.replace('@|', '*|') },
      { to: null, text: told.text.replace('*|', '@|') },
      told,
    ],
  ],
  [
    'changes the order',
    () => {
      const held: Told[] = []
      return told => {
        held.push(told)
        if (held.length >= 4) return held.splice(0).reverse()
        // What is held back for good would be lost, which is another attack.
        setTimeout(() => {
          for (const { text } of held.splice(0).reverse()) server.sayToAll(text)
        }, 200)
        return []
      }
    },
  ],
  [
    'floods with texts that look like signals, and others that do not',
    () => {
      let made = 0
      return told => {
        for (let i = 0; i < 100; i += 1, made += 1) {
          const likeOne = told.text.replace(/^.{32}:\d+/, `${made.toString(16).padStart(32, 'f')}:1`)
          server.sayToAll(i % 2 === 0 ? likeOne : `${made}`)
        }
        server.sayToAll('x'.repeat(100_000))
        return [told]
      }
    },
  ],
  [
    'loses a third of all signals',
    // By a letter of what is sealed: as good as a die, and nobody's signals more often than another's.
    () => told => (told.text.charCodeAt(told.text.length - 6) % 3 === 0 ? [] : [told]),
  ],
]

for (const [name, treat] of attacks) {
  test(`${name}: two are one cluster of two all the same, and it learns nothing`, { tag }, async ({ browser }) => {
    server.treat = treat()
    const pair = await pairIn(browser)
    await areOneAndUnread(pair)
    // Once more, now that they are linked, and from nobody.
    for (const { text } of server.told) server.sayToAll(text)
    await areOneAndUnread(pair)
    await pair.close()
  })
}

test('has got hold of the key, and swaps the fingerprints: no direct link comes about, and none that it could read', {
  tag,
}, async ({ browser }) => {
  const room = server.newRoom()
  const { searchParams } = new URL(room.replace('#', '?'))
  const keys = await deriveRoomKeys(searchParams.get('room') ?? '', searchParams.get('key') ?? '')
  const seal = sealWith(keys)
  const opened: string[] = []
  let swapped = 0
  server.treat = async told => {
    const [header, body] = parts(told)
    const text = await seal.open(body, header + (told.to ?? ''))
    if (text === undefined) return [told]
    opened.push(text)
    // As a certificate of its own would have it.
    const other = text.replace(/(a=fingerprint:sha-256 )([0-9A-F]{2})/g, (_, name, first) => {
      swapped += 1
      return `${name}${first === '00' ? '01' : '00'}`
    })
    return other === text ? [told] : [elsewhere(told, header + (await seal.seal(other, header + (told.to ?? ''))))]
  }
  const { tabs, complaints, close } = await pairIn(browser, room)
  await voters(tabs, 2)
  expect(swapped).toBeGreaterThan(0)
  for (const tab of tabs) {
    const { id, members } = await tab.status()
    expect(members.filter(member => member.id !== id).map(({ link }) => link)).toEqual(['relayed'])
  }
  const said = `of the members ${randomUUID()}`
  await tabs[0]?.set('said', said)
  expect(await tabs[1]?.get('said', 'linearizable')).toBe(said)
  // It reads every signal, and carried every frame.
  expect(opened.length).toBeGreaterThan(0)
  expect(server.seen.length).toBeGreaterThan(server.told.length)
  expect((Buffer.concat(server.seen).toString('latin1') + opened.join('\n')).includes(said)).toBe(false)
  expect(complaints).toEqual([])
  await close()
})

test('drops everything: whoever comes later is kept out, makes no second cluster and says so, until it is honest', {
  tag,
}, async ({ browser }) => {
  server.treat = () => []
  server.carries = false
  const room = server.newRoom()
  const complaints: string[] = []
  const contexts = await Promise.all([browser.newContext(), browser.newContext()])
  for (const context of contexts) complaintsOf(context, complaints)
  const [here, there] = contexts
  if (here === undefined || there === undefined) throw new Error('two browsers')
  const first = await Tab.open(here, room)
  await voters([first], 1)
  const later = await Tab.open(there, room)
  await expect(later.page.getByRole('heading', { name: 'The way to the other tabs does not open.' })).toBeVisible()
  expect((await later.status()).clusterId).toBeUndefined()
  expect((await first.status()).members).toHaveLength(1)
  hasUnderstoodNothing(room, [])

  server.treat = told => [told]
  server.carries = true
  await later.page.reload()
  await areOneAndUnread({ room, tabs: [first, later], complaints, close: async () => {} })
  await Promise.all(contexts.map(context => context.close()))
})
