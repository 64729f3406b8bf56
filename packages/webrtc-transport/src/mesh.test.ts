import { describe, expect, it } from 'vitest'
import { ANNOUNCE_RARELY_MS, CUT_OFF_MS, MAX_NEIGHBORS } from './mesh.ts'
import { type Tab, VirtualRoom } from './room-in-virtual-time.ts'
import { encodeSignal } from './signal.ts'

const text = (word: string): Uint8Array => new TextEncoder().encode(word)
const typesOf = (tab: Tab): string[] => tab.sent.map(signal => String(JSON.parse(signal).type))

function expectFullMesh(tabs: readonly Tab[]): void {
  for (const tab of tabs) {
    const others = tabs.filter(other => other !== tab).map(({ id }) => id)
    expect([...tab.mesh.peers()].sort(), `the peers of ${tab.id}`).toEqual(others.sort())
  }
}

describe('the mesh', () => {
  it('two tabs find each other, whichever comes first, with one connection', () => {
    for (const ids of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const room = new VirtualRoom()
      const tabs = ids.map(id => {
        const tab = room.open(id)
        room.run(100)
        return tab
      })
      expectFullMesh(tabs)
      expect(room.connectionsMade).toBe(2)
    }
  })

  it('tabs that announce at the same moment find each other with one connection a pair', () => {
    const room = new VirtualRoom()
    const tabs = ['c', 'a', 'e', 'b', 'd'].map(id => room.open(id))
    room.run(100)
    expectFullMesh(tabs)
    expect(room.connectionsMade).toBe(20)
  })

  it('only the smaller id offers', () => {
    const room = new VirtualRoom()
    const [greater, smaller] = [room.open('b'), room.open('a')]
    room.run(100)
    expect(typesOf(greater)).not.toContain('offer')
    expect(typesOf(smaller)).toContain('offer')
  })

  it('frames pass both ways and are counted; one for nobody is counted too', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(100)
    a.mesh.send('b', text('one'), 'normal')
    b.mesh.send('a', text('two'), 'urgent')
    room.run(10)
    expect(b.frames).toEqual(['a:one'])
    expect(a.frames).toEqual(['b:two'])
    a.mesh.send('nobody', text('lost'), 'normal')
    expect(a.mesh.stats().undeliverable).toBe(1)
    expect(a.mesh.stats().peers.get('b')).toMatchObject({ framesIn: 1, framesOut: 1, bytesIn: 3, bytesOut: 3 })
  })

  it('a complete room says no more than a hello a minute from each', () => {
    const room = new VirtualRoom()
    const tabs = ['a', 'b', 'c'].map(id => room.open(id))
    room.run(60_000)
    for (const tab of tabs) tab.sent.length = 0
    room.run(3_600_000)
    for (const tab of tabs) {
      expect(new Set(typesOf(tab))).toEqual(new Set(['hello']))
      expect(tab.sent.length).toBeLessThanOrEqual(3_600_000 / (0.75 * ANNOUNCE_RARELY_MS))
    }
    expect(room.connectionsMade).toBe(6)
  })

  it('a newcomer whose first hello is lost is found by the next, and does not wait for a minute', () => {
    const room = new VirtualRoom()
    const first = room.open('a')
    room.run(100)
    room.loses = from => from === 'b'
    const newcomer = room.open('b')
    room.run(100)
    room.loses = () => false
    expect(first.mesh.peers()).toEqual([])
    room.run(13_000)
    expectFullMesh([first, newcomer])
  })

  it('two tabs that were apart for hours, until each had forgotten the other, find each other again', () => {
    const room = new VirtualRoom()
    const tabs = [room.open('a'), room.open('b')]
    room.run(10_000)
    room.loses = () => true
    room.breakLink('a', 'b')
    room.run(7_200_000)
    expect(tabs.map(({ mesh }) => mesh.peers())).toEqual([[], []])
    room.loses = () => false
    room.run(2 * ANNOUNCE_RARELY_MS)
    expectFullMesh(tabs)
  })

  it('a tab whose network is back says so at once', () => {
    const room = new VirtualRoom()
    const tabs = [room.open('a'), room.open('b')]
    room.run(10_000)
    room.loses = () => true
    room.breakLink('a', 'b')
    room.run(7_200_000)
    room.loses = () => false
    tabs[1]?.mesh.announce()
    room.run(10)
    expectFullMesh(tabs)
  })

  it('a bye takes the link down and nobody looks for the peer again', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(60_000)
    a.mesh.close()
    room.run(5)
    expect(b.links).toEqual(['+a', '-a'])
    b.sent.length = 0
    room.run(3_600_000)
    expect(new Set(typesOf(b))).toEqual(new Set(['hello']))
    expect(b.sent.length).toBeLessThanOrEqual(3_600_000 / (0.75 * ANNOUNCE_RARELY_MS) + 1)
  })

  it('a frame sent right before closing arrives before the link goes down', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(100)
    a.mesh.send('b', text('goodbye'), 'urgent')
    a.mesh.close()
    room.run(100)
    expect(b.frames).toEqual(['a:goodbye'])
    expect(b.mesh.peers()).toEqual([])
  })

  it('a page that said bye and then died without closing its channels is dropped within the grace', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(100)
    a.mesh.sayBye()
    a.crash()
    room.run(500)
    expect(b.links).toEqual(['+a', '-a'])
  })

  it('whoever says bye is told to have said so, once, though nothing more comes over its channel', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(100)
    a.mesh.sayBye()
    a.mesh.sayBye()
    room.run(10)
    expect(b.byes).toEqual(['a'])
    expect(b.mesh.peers()).toEqual(['a'])

    const [c] = [room.open('c')]
    room.run(100)
    room.breakLink('b', 'c')
    c.mesh.sayBye()
    c.crash()
    room.run(500)
    expect(b.byes).toEqual(['a', 'c'])
  })

  it('a page that comes back from the back/forward cache is there again', () => {
    const room = new VirtualRoom()
    const tabs = [room.open('a'), room.open('b')]
    room.run(100)
    tabs[0]?.mesh.sayBye()
    room.run(1_000)
    tabs[0]?.mesh.startOver()
    room.run(100)
    expectFullMesh(tabs)
  })

  it('a reloaded tab with the same id replaces its old link at once, even one that nobody saw close', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(100)
    a.crash()
    const again = room.open('a')
    room.run(100)
    expect(b.links).toEqual(['+a', '-a', '+a'])
    expectFullMesh([again, b])
    b.mesh.send('a', text('hello'), 'normal')
    room.run(10)
    expect(again.frames).toEqual(['b:hello'])
  })

  it('two living tabs under one id do not take the link from each other for ever: the later one has it', () => {
    const room = new VirtualRoom()
    room.open('a')
    const b = room.open('b')
    room.run(100)
    const twin = room.open('a')
    room.run(600_000)
    expect(b.links).toEqual(['+a', '-a', '+a'])
    expect(twin.mesh.peers()).toEqual(['b'])
  })

  it('a signal that is lost is made up for', () => {
    for (const lost of ['pleaseOffer', 'offer', 'answer']) {
      for (const ids of [
        ['a', 'b'],
        ['b', 'a'],
      ]) {
        const room = new VirtualRoom()
        let left = 2
        room.loses = (_, __, signal) => JSON.parse(signal).type === lost && left-- > 0
        const tabs = ids.map(id => {
          const tab = room.open(id)
          room.run(50)
          return tab
        })
        room.run(60_000)
        expectFullMesh(tabs)
      }
    }
  })

  it('a peer that vanishes while connecting is tried a few times, then only awaited', () => {
    const room = new VirtualRoom()
    const a = room.open('a')
    room.run(10)
    const b = room.open('b')
    b.crash()
    room.run(120_000)
    const made = room.connectionsMade
    expect(made).toBeLessThanOrEqual(5)
    expect(made).toBeGreaterThan(1)
    room.run(3_600_000)
    expect(room.connectionsMade).toBe(made)
    // It is missed for ten minutes, and then no more than anybody else who may be somewhere.
    const hellos = a.sent.length
    room.run(3_600_000)
    expect(a.sent.length - hellos).toBeLessThanOrEqual(3_600_000 / (0.75 * ANNOUNCE_RARELY_MS))
  })

  it('a link that breaks is back in a second', () => {
    const room = new VirtualRoom()
    const tabs = [room.open('a'), room.open('b')]
    room.run(10_000)
    room.breakLink('a', 'b')
    expect(tabs.map(({ mesh }) => mesh.peers())).toEqual([[], []])
    room.run(1_000)
    expectFullMesh(tabs)
  })

  it('after a signalling outage the low-rate announcement brings the link back', () => {
    const room = new VirtualRoom()
    const tabs = [room.open('a'), room.open('b')]
    room.run(10_000)
    room.loses = () => true
    room.breakLink('a', 'b')
    room.run(180_000)
    expect(tabs.map(({ mesh }) => mesh.peers())).toEqual([[], []])
    room.loses = () => false
    room.run(60_000)
    expectFullMesh(tabs)
  })

  it('a room whose signalling is gone mends its links through those that are left', () => {
    const room = new VirtualRoom()
    const [a, b, c] = [room.open('a'), room.open('b'), room.open('c')]
    room.run(10_000)
    room.passesOn = true
    room.loses = () => true
    room.breakLink('a', 'b')
    room.run(1_000)
    expectFullMesh([a, b, c])
    expect(c.links).toEqual(['+a', '+b'])
  })

  it('a neighbor that has signals passed on without end is not listened to any more', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(1_000)
    for (let i = 0; i < 1_000; i += 1) a.mesh.passOn('no signal', undefined)
    room.run(10)
    const refused = b.mesh.stats().refusedSignals
    expect(refused).toBeGreaterThanOrEqual(1_000)
    expect(b.mesh.peers()).toEqual(['a'])
  })

  it('says what is in the way of a link: nothing, no answer, no way through, another version', () => {
    const room = new VirtualRoom()
    const a = room.open('a')
    room.run(10)
    expect(a.mesh.obstacles()).toEqual([])
    room.blocked = true
    const b = room.open('b')
    room.run(20_000)
    expect(a.mesh.obstacles()).toEqual([{ kind: 'Blocked', peer: 'b' }])
    expect(b.mesh.obstacles()).toEqual([{ kind: 'Blocked', peer: 'a' }])
    room.blocked = false
    room.run(30_000)
    expect([a.mesh.obstacles(), b.mesh.obstacles()]).toEqual([[], []])
    room.post('c', encodeSignal({ type: 'hello', from: 'c', session: 'of c' }))
    room.run(10_000)
    expect(a.mesh.obstacles()).toEqual([{ kind: 'Silent', peer: 'c' }])
    room.post('d', JSON.stringify({ v: 99, type: 'hello', from: 'd', session: 'of d' }))
    room.run(10)
    expect(a.mesh.obstacles()).toContainEqual({ kind: 'OtherVersion', peer: 'd' })
  })

  it('a bye that a page says beside the channel of its node is enough, too', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(100)
    room.closePage('a')
    a.crash()
    room.run(1_000)
    expect(b.byes).toEqual(['a'])
    expect(b.mesh.peers()).toEqual([])
  })

  it('a bye that is said on the channel is enough', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(1_000)
    room.loses = () => true
    a.mesh.sayBye()
    a.crash()
    room.run(500)
    expect(b.links).toEqual(['+a', '-a'])
  })

  it('a peer that sends garbage is cut off for a while, and the others stay', () => {
    const room = new VirtualRoom()
    const tabs = ['a', 'b', 'c'].map(id => room.open(id))
    const [a] = tabs
    if (a === undefined) throw new Error('no tab')
    room.run(60_000)
    room.garble('b', 'a', 16)
    room.run(10)
    expect([...a.mesh.peers()].sort()).toEqual(['b', 'c'])
    expect(a.mesh.stats().peers.get('b')?.badFragments).toBe(16)
    room.garble('b', 'a', 1)
    room.run(CUT_OFF_MS - 1_000)
    expect(a.mesh.peers()).toEqual(['c'])
    expect(a.links.filter(link => link.endsWith('c'))).toEqual(['+c'])
    expect(a.mesh.stats().refusedSignals).toBeGreaterThan(0)
    room.run(60_000)
    expectFullMesh(tabs)
  })

  it('a link on which a message is garbled now and then stays for ever', () => {
    const room = new VirtualRoom()
    const [a] = [room.open('a'), room.open('b')]
    room.run(1_000)
    for (let hour = 0; hour < 50; hour += 1) {
      room.garble('b', 'a', 1)
      room.run(3_600_000)
    }
    expect(a.links).toEqual(['+b'])
    expect(a.mesh.stats().peers.get('b')?.badFragments).toBe(50)
  })

  it('signals that are none, or out of turn, are counted and change nothing', () => {
    const room = new VirtualRoom()
    const [a, b] = [room.open('a'), room.open('b')]
    room.run(100)
    const session = JSON.parse(a.sent[0] ?? '').session
    const greater = JSON.parse(b.sent[0] ?? '').session
    const directed = { from: 'b', session: greater, to: 'a', toSession: session, link: 'x' }
    for (const signal of [
      '',
      '{',
      '{}',
      'x'.repeat(10_000_000),
      encodeSignal({ ...directed, type: 'offer', sdp: 'v=0' }),
    ]) {
      a.mesh.receive(signal)
    }
    expect(a.mesh.stats().refusedSignals).toBe(5)
    a.mesh.receive(encodeSignal({ type: 'hello', from: 'a', session: 'another' }))
    a.mesh.receive(encodeSignal({ ...directed, toSession: 'of yesterday', type: 'answer', sdp: 'v=0' }))
    a.mesh.receive(encodeSignal({ ...directed, type: 'answer', sdp: 'of another attempt' }))
    room.run(1_000)
    expect(a.links).toEqual(['+b'])
    expect(a.mesh.stats().refusedSignals).toBe(5)
  })

  it('a thousand made-up hellos cost at most as many connections as a room may have, and no link', () => {
    const room = new VirtualRoom()
    const tabs = [room.open('a'), room.open('b')]
    room.run(100)
    for (let i = 0; i < 1_000; i += 1)
      room.post('nobody', encodeSignal({ type: 'hello', from: `x${i}`, session: `s${i}` }))
    room.run(100)
    expect(room.connectionsHeld).toBeLessThanOrEqual(2 * MAX_NEIGHBORS)
    room.run(3_600_000)
    expectFullMesh(tabs)
    expect(room.connectionsHeld).toBe(2)
  })
})
