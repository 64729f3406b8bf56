/** What every Transport promises (`transport.ts`), as cases that any implementation can be held to, in Node or in a page. */
import { type Lane, MAX_FRAME_BYTES } from '../transport.ts'
import { patterned } from './bytes.ts'
import { type ConformanceCase, expect } from './case.ts'
import { equal } from './equal.ts'
import { exchange, linked, Site, type Station, type TransportSubject, text } from './transport/site.ts'
import { until } from './until.ts'

export type { TransportSubject } from './transport/site.ts'

const cases: ConformanceCase<TransportSubject>[] = []

function promise(name: string, run: (site: Site) => Promise<void>): void {
  cases.push({
    name,
    async run(subject) {
      const site = new Site(subject)
      try {
        await run(site)
      } finally {
        await site.closeAll()
      }
    },
  })
}

export const transportConformance: readonly ConformanceCase<TransportSubject>[] = cases

promise('nodes of one room find each other, and both are told that the link is up', async site => {
  const [a, b, c] = await site.trio()
  for (const station of [a, b, c]) {
    const others = [a, b, c].filter(other => other !== station)
    for (const other of others) {
      await until(() => station.linksTo(other.id).at(-1) === true, 'onPeer says that the link is up')
    }
    expect(station.transport.peers().length === 2, 'peers() has each of them once, and not the node itself')
  }
})

promise('nodes of different rooms never meet', async site => {
  const stranger = await site.open('node-x', `${site.room}-other`)
  const [a, b] = await site.pair()
  await exchange(a, b)
  expect(!a.sees('node-x') && !b.sees('node-x'), 'nobody of this room sees the other one')
  expect(stranger.transport.peers().length === 0 && stranger.links.length === 0, 'nor is it told of anybody')
})

promise('a frame of any length up to the longest arrives byte for byte', async site => {
  const [a, b] = await site.pair()
  const lengths = [
    1,
    2,
    255,
    16_383,
    16_384,
    16_385,
    65_536,
    262_143,
    262_144,
    262_145,
    MAX_FRAME_BYTES - 1,
    MAX_FRAME_BYTES,
  ]
  for (const [i, length] of lengths.entries()) {
    const frame = patterned(length, i)
    a.transport.send(b.id, frame, 'normal')
    await until(() => b.arrivals.length > i, `a frame of ${length} bytes arrives`)
    const arrived = b.arrivals[i]?.frame
    expect(equal(arrived, patterned(length, i)), `a frame of ${length} bytes arrives whole`)
  }
})

promise('a frame that is part of a larger buffer arrives without its surroundings', async site => {
  const [a, b] = await site.pair()
  const buffer = patterned(1000, 1)
  a.transport.send(b.id, buffer.subarray(100, 200), 'normal')
  await until(() => b.arrivals.length > 0, 'it arrives')
  const arrived = b.arrivals[0]?.frame
  expect(equal(arrived, buffer.slice(100, 200)), 'only its own bytes arrive')
})

promise('frames of one lane arrive in the order in which they were sent, both ways at once, each once', async site => {
  const [a, b] = await site.pair()
  const count = 300
  for (let i = 0; i < count; i++) {
    for (const lane of lanes) {
      a.transport.send(b.id, numbered(lane, i), lane)
      b.transport.send(a.id, numbered(lane, i), lane)
    }
  }
  const all = count * lanes.length
  await until(() => a.arrivals.length >= all && b.arrivals.length >= all, 'all of them arrive')
  await exchange(a, b)
  for (const { arrivals } of [a, b]) {
    for (const lane of lanes) {
      const numbers = arrivals.filter(({ frame }) => laneOf(frame) === lane).map(({ frame }) => numberOf(frame))
      expect(numbers.length === count && numbers.every((n, i) => n === i), `${lane} frames arrive in order, each once`)
    }
  }
})

promise('an urgent frame overtakes a backlog of bulk', async site => {
  const [a, b] = await site.pair()
  const backlog = 64
  for (let i = 0; i < backlog; i++) a.transport.send(b.id, numbered('bulk', i, 65_536), 'bulk')
  a.transport.send(b.id, numbered('urgent', 0), 'urgent')
  const place = (): number => b.arrivals.findIndex(({ frame }) => laneOf(frame) === 'urgent')
  await until(() => place() >= 0, 'the urgent frame arrives')
  await until(() => b.arrivals.length > place() + 1, 'and bulk that was sent before it arrives after it')
})

promise('every frame comes with the peer that sent it, and goes only where it was sent', async site => {
  const [a, b, c] = await site.trio()
  for (let i = 0; i < 20; i++) {
    b.transport.send(a.id, text(`from ${b.id}`), 'normal')
    c.transport.send(a.id, text(`from ${c.id}`), 'normal')
  }
  await until(() => a.arrivals.length >= 40, 'all of them arrive')
  for (const { from, frame } of a.arrivals) {
    expect(equal(frame, text(`from ${from}`)), 'the sender named is the one that sent it')
  }
  await exchange(b, c)
  expect(b.arrivals.length === 1 && c.arrivals.length === 1, 'nobody else got any')
})

promise('the bytes are the receiver’s to keep: what it does to them, no other receiver sees', async site => {
  const [a, b, c] = await site.trio()
  b.onArrival = ({ frame }) => frame.fill(0)
  const frame = patterned(500, 3)
  a.transport.send(b.id, frame, 'normal')
  a.transport.send(c.id, frame, 'normal')
  await until(() => b.arrivals.length > 0 && c.arrivals.length > 0, 'both get it')
  const kept = c.arrivals[0]?.frame
  expect(equal(kept, patterned(500, 3)), 'the other receiver has what was sent')
  expect(equal(frame, patterned(500, 3)), 'and so has the sender')
})

promise('nothing is delivered while send is on the stack, and a handler may send', async site => {
  const [a, b] = await site.pair()
  let sending = false
  let nested = false
  const reply = (station: Station, to: Station) => () => {
    if (sending) nested = true
    if (station.arrivals.length >= 25) return
    sending = true
    station.transport.send(to.id, text('again'), 'normal')
    sending = false
  }
  a.onArrival = reply(a, b)
  b.onArrival = reply(b, a)
  reply(a, b)()
  await until(() => a.arrivals.length + b.arrivals.length >= 49, 'they answer each other')
  expect(!nested, 'no frame arrived inside send')
})

promise('a frame that is too long throws a RangeError at the sender, and the link lives on', async site => {
  const [a, b] = await site.pair()
  let thrown: unknown
  try {
    a.transport.send(b.id, new Uint8Array(MAX_FRAME_BYTES + 1), 'normal')
  } catch (error) {
    thrown = error
  }
  expect(thrown instanceof RangeError, 'send throws a RangeError')
  await exchange(a, b)
  expect(b.arrivals.length === 1, 'nothing of it arrives')
})

promise('a frame to nobody is dropped in silence', async site => {
  const [a, b] = await site.pair()
  a.transport.send('nobody', text('hello?'), 'normal')
  await exchange(a, b)
  expect(a.arrivals.length === 1 && b.arrivals.length === 1, 'and nobody gets it')
})

promise('when a node closes, its peers are told, and its own list is empty', async site => {
  const [a, b, c] = await site.trio()
  await b.transport.close()
  expect(b.transport.peers().length === 0, 'the closed one has no peers')
  for (const station of [a, c]) {
    await until(() => station.linksTo(b.id).at(-1) === false, 'onPeer says that the link is down')
    expect(!station.sees(b.id), 'peers() leaves it out')
  }
  await exchange(a, c)
})

promise('nothing is delivered after close, and what is sent then goes nowhere', async site => {
  const [a, b, c] = await site.trio()
  for (let i = 0; i < 50; i++) a.transport.send(b.id, numbered('normal', i, 10_000), 'normal')
  await b.transport.close()
  const frames = b.arrivals.length
  const links = b.links.length
  for (let i = 0; i < 50; i++) a.transport.send(b.id, numbered('normal', i), 'urgent')
  b.transport.send(c.id, text('from the beyond'), 'urgent')
  for (let i = 0; i < 10; i++) await exchange(a, c)
  expect(b.arrivals.length === frames, 'no frame came after close')
  expect(b.links.length === links, 'and no news of links')
  expect(
    c.arrivals.every(({ from }) => from === a.id),
    'and none left',
  )
})

promise('closing twice is closing once, and so is closing what was never open', async site => {
  const [a, b] = await site.pair()
  await Promise.all([b.transport.close(), b.transport.close()])
  await b.transport.close()
  await site.unopened().close()
  await until(() => a.linksTo(b.id).at(-1) === false, 'the peer is told')
  expect(a.linksTo(b.id).filter(up => !up).length === 1, 'once')
})

promise('a node that closed and came back under its name is linked anew', async site => {
  const [a, b] = await site.pair()
  await b.transport.close()
  await until(() => a.linksTo(b.id).at(-1) === false, 'the link goes down')
  const again = await site.open(b.id)
  await linked(a, again)
  await until(() => a.linksTo(b.id).length >= 3, 'onPeer says that the link is up again')
  expect(
    a.linksTo(b.id).every((up, i) => up === (i % 2 === 0)),
    'up and down take turns',
  )
  await exchange(a, again)
  expect(b.arrivals.length === 0, 'nothing goes to the one that closed')
})

const lanes: readonly Lane[] = ['urgent', 'normal', 'bulk']

function numbered(lane: Lane, number: number, length = 5): Uint8Array {
  const frame = new Uint8Array(length)
  frame[0] = lanes.indexOf(lane)
  new DataView(frame.buffer).setUint32(1, number)
  return frame
}

function laneOf(frame: Uint8Array): Lane | undefined {
  return lanes[frame[0] ?? -1]
}

function numberOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset).getUint32(1)
}
