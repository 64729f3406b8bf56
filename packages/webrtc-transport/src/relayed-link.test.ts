/**
 * Links of those who cannot meet, in virtual time and with real cryptography: through a server, through a member, back to a
 * direct channel; and what whoever carries them can do about it.
 */
import { describe, expect, it } from 'vitest'
import { LONGEST_DIRECT_RETRY_MS, RELAY_AFTER_MS } from './neighbor.ts'
import { RelayedRoom } from './relayed-room.ts'

const isUp = (room: RelayedRoom) => (): boolean =>
  room.tabs.every(({ mesh }) => mesh.peers().length === room.tabs.length - 1)

/** What a sends b from now on, a numbered frame a step, until this is so and all of it has come. */
async function talking(room: RelayedRoom, isSo: () => boolean): Promise<readonly string[]> {
  const [a, b] = room.tabs
  if (a === undefined || b === undefined) throw new Error('two tabs')
  const before = b.frames.length
  const sent: string[] = []
  await room.time.until(() => {
    const text = `${sent.length}`
    sent.push(`${a.id}:${text}`)
    // Now and then one of many fragments, so that a link moves in the middle of a frame.
    const long = sent.length % 7 === 0 ? text.padEnd(200_000, ' ') : text
    a.mesh.send(b.id, new TextEncoder().encode(long), 'normal')
    return isSo()
  })
  await room.time.until(() => b.frames.length >= before + sent.length)
  expect(b.frames.slice(before).map(frame => frame.trimEnd())).toEqual(sent)
  return sent
}

describe('two that cannot meet', () => {
  it('are linked through the server after some seconds, each knows who the other is, and frames pass', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    expect(room.time.now).toBeGreaterThanOrEqual(RELAY_AFTER_MS)
    expect(room.time.now).toBeLessThan(2 * RELAY_AFTER_MS)
    for (const { mesh, peers } of room.tabs) expect(peers).toEqual([`+${mesh.stats().relayed[0]} relayed`])
    let left = 50
    await talking(room, () => left-- === 0)
  })

  it('are linked directly as soon as they can, and no frame is lost, overtaken or doubled by that', async () => {
    for (let delay = 0; delay < 6; delay += 1) {
      const room = await RelayedRoom.of(2)
      room.relayLatencyMs = 5 + 15 * delay
      room.time.blocked = true
      await room.time.until(isUp(room))
      let left = 10 + delay
      const [a] = room.tabs
      await talking(room, () => {
        if (left-- === 0) room.time.blocked = false
        return a?.mesh.stats().relayed.length === 0
      })
      const [b] = a?.mesh.peers() ?? []
      expect(a?.peers).toEqual([`+${b} relayed`, `+${b}`])
      await room.time.until(() => room.tabs.every(({ mesh }) => mesh.stats().relayed.length === 0))
      const carried = room.carried.length
      room.time.run(600_000)
      expect(room.carried.length).toBe(carried)
    }
  })

  it('try to meet again and again, however long it takes', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    await room.time.until(() => room.time.now > 90_000, 100_000)
    room.time.blocked = false
    await room.time.until(
      () => room.tabs.every(({ mesh }) => mesh.stats().relayed.length === 0),
      2 * LONGEST_DIRECT_RETRY_MS,
    )
    for (const { peers } of room.tabs) expect(peers.filter(peer => peer.startsWith('-'))).toEqual([])
  })

  it('meet at once when the network says that it is another', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    await room.time.until(() => room.time.now > 40_000, 100_000)
    room.time.blocked = false
    for (const { mesh } of room.tabs) mesh.tryDirectNow()
    await room.time.until(() => room.tabs.every(({ mesh }) => mesh.stats().relayed.length === 0), 1_000)
  })

  it('fall back to the server when their direct link breaks for good', async () => {
    const room = await RelayedRoom.of(2)
    await room.time.until(isUp(room))
    room.time.blocked = true
    const [a, b] = room.tabs
    room.time.breakLink(a?.id ?? '', b?.id ?? '')
    await room.time.until(() => room.tabs.every(({ mesh }) => mesh.stats().relayed.length === 1))
    expect(a?.peers).toEqual([`+${b?.id}`, `-${b?.id}`, `+${b?.id} relayed`])
  })

  it('are told when the server carries no more, and are linked again when it does', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    room.carries = false
    await room.time.until(() => room.tabs.every(({ mesh }) => mesh.peers().length === 0))
    room.carries = true
    await room.time.until(isUp(room))
  })

  it('notice that the other is gone without a word', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    const [a, b] = room.tabs
    b?.crash()
    await room.time.until(() => a?.mesh.peers().length === 0, 30_000)
  })

  it('have so much under way and no more, when the other takes nothing; what is urgent overtakes what waits', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    const [a, b] = room.tabs
    if (a === undefined || b === undefined) throw new Error('two tabs')
    const before = room.carriedBytes
    const frame = new Uint8Array(100_000)
    room.holds = true
    for (let i = 0; i < 40; i += 1) a.mesh.send(b.id, frame, 'bulk')
    a.mesh.send(b.id, new TextEncoder().encode('urgent'), 'urgent')
    await room.time.until(() => false, 3_000).catch(() => {})
    expect(room.carriedBytes - before).toBeLessThan(256 * 1024)
    expect(a.mesh.stats().peers.get(b.id)?.queuedBytes).toBeGreaterThan(3_000_000)
    room.letGo()
    await room.time.until(() => b.frames.length === 41)
    expect(b.frames.indexOf(`${a.id}:urgent`)).toBeLessThan(4)
  })
})

describe('members that reach each other through a third only', () => {
  it('are linked through it, and meet when they can', async () => {
    const room = await RelayedRoom.of(3)
    const [a, b] = room.tabs
    room.carries = false
    room.time.cuts = (one, other) => [one, other].every(id => id === a?.id || id === b?.id)
    await room.time.until(isUp(room), 120_000)
    expect(a?.mesh.stats().relayed).toEqual([b?.id])
    let left = 30
    await talking(room, () => left-- === 0)
    room.time.cuts = () => false
    await talking(room, () => a?.mesh.stats().relayed.length === 0)
  })

  it('lose the link with it, and find another way where there is one', async () => {
    const room = await RelayedRoom.of(4)
    const [a, b, c, d] = room.tabs
    room.carries = false
    room.time.cuts = (one, other) => [one, other].every(id => id === a?.id || id === b?.id)
    await room.time.until(isUp(room), 120_000)
    c?.mesh.close()
    c?.crash()
    await room.time.until(() => a?.mesh.peers().length === 2 && b?.mesh.peers().length === 2, 120_000)
    for (const { mesh } of [a, b].flatMap(tab => tab ?? [])) expect(mesh.peers()).toContain(d?.id)
    let left = 5
    await talking(room, () => left-- === 0)
  })

  it('whoever is carried carries nobody: no circle comes about', async () => {
    const room = await RelayedRoom.of(3)
    const [a, b, c] = room.tabs
    room.carries = false
    // a reaches b only through c, and c loses b as well.
    room.time.cuts = (one, other) => [one, other].every(id => id === a?.id || id === b?.id)
    await room.time.until(isUp(room), 120_000)
    room.time.cuts = (one, other) => one === b?.id || other === b?.id
    room.time.breakLink(c?.id ?? '', b?.id ?? '')
    await room.time.until(() => b?.mesh.peers().length === 0)
    await room.time.until(() => room.time.now > 60_000, 400_000)
    expect(b?.mesh.peers()).toEqual([])
    expect(a?.mesh.peers()).toEqual([c?.id])
  })
})

describe('whoever carries relayed frames', () => {
  it('learns nothing of them, nor of who sends them', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    const [a, b] = room.tabs
    a?.mesh.send(b?.id ?? '', new TextEncoder().encode('a very secret frame'), 'normal')
    await room.time.until(() => b?.frames.length === 1)
    const read = room.carried.map(({ message }) => String.fromCharCode(...message)).join('\n')
    for (const secret of ['secret frame', a?.id, b?.id]) expect(read).not.toContain(secret)
  })

  it('gets nobody in by repeating, relabelling, reflecting, cutting short or making up messages, and breaks no link by it', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    room.treat = told => {
      const { to, from, message } = told
      const altered = Uint8Array.from(message)
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
      const later = Uint8Array.from(message)
      const [, nameLength = 0] = later
      later[2 + nameLength + 7] = (later[2 + nameLength + 7] ?? 0) + 5
      return [
        { ...told, message: altered },
        { ...told, message: later },
        { ...told, message: message.slice(0, -1) },
        { ...told, message: new Uint8Array(40).fill(1) },
        { ...told, to: from },
        told,
        told,
        ...(room.carried.length > 3 ? room.carried.slice(0, 3).filter(each => each.to === to) : []),
      ]
    }
    await room.time.until(isUp(room))
    let left = 30
    await talking(room, () => left-- === 0)
    for (const { peers } of room.tabs) expect(peers).toHaveLength(1)
    for (const { relay } of room.tabs) expect(relay.refused).toBeGreaterThan(50)
  })

  it('can keep them apart by reordering or losing, and what passes until then is right', async () => {
    for (const evil of ['reorders', 'loses']) {
      const room = await RelayedRoom.of(2)
      room.time.blocked = true
      await room.time.until(isUp(room))
      const [a, b] = room.tabs
      if (a === undefined || b === undefined) throw new Error('two tabs')
      let count = 0
      const held: (typeof room.carried)[number][] = []
      room.treat = told => {
        count += 1
        if (evil === 'loses') return count % 20 === 0 ? [] : [told]
        if (count % 20 !== 0) return [...[told], ...held.splice(0)]
        held.push(told)
        return []
      }
      for (let i = 0; i < 400; i += 1) {
        a.mesh.send(b.id, new TextEncoder().encode(`${i}`), 'normal')
        const soon = room.time.now + 100
        await room.time.until(() => room.time.now >= soon)
      }
      await room.time.until(() => a.peers.length > 3, 120_000)
      const numbers = b.frames.map(frame => Number(frame.split(':')[1]))
      expect(numbers.length).toBeGreaterThan(10)
      expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other))
      expect(a.mesh.stats().impostors + b.mesh.stats().impostors).toBe(0)
    }
  })

  it('cannot stand in between with keys of its own, not even with the room’s secret', async () => {
    const room = await RelayedRoom.of(2, { standsBetween: true })
    room.time.blocked = true
    await room.time.until(() => room.tabs.some(({ mesh }) => mesh.stats().impostors > 0), 120_000)
    for (const { peers, frames } of room.tabs) expect([peers, frames]).toEqual([[], []])
  })

  it('floods in vain: bounded work, and no link', async () => {
    const room = await RelayedRoom.of(2)
    room.time.blocked = true
    await room.time.until(isUp(room))
    const [a, b] = room.tabs
    for (let i = 0; i < 50_000; i += 1) {
      const made = new Uint8Array(60).fill(i)
      made[0] = 1
      made[1] = 16
      b?.relay.receive(made)
    }
    expect(b?.relay.refused).toBeGreaterThanOrEqual(50_000)
    expect(b?.mesh.peers()).toEqual([a?.id])
  })
})
