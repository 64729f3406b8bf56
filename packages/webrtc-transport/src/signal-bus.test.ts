import { describe, expect, it, vi } from 'vitest'
import { broadcastChannelSignaling } from './broadcast-channel-signaling.ts'
import { deriveRoomKeys, newRoomSecret } from './room-secret.ts'
import { sealWith } from './seal.ts'
import { MAX_BUS_LENGTH, MAX_SEALED_BUS_LENGTH, SignalBus } from './signal-bus.ts'
import type { Broadcast, Signaling, SignalingHandler } from './signaling.ts'
import { signalingConformance } from './signaling-conformance.ts'

const stream = (digit: string): string => digit.repeat(32)
const randomStream = (): string => crypto.randomUUID().replaceAll('-', '')

/** A way by which the test itself speaks. */
class Way implements Signaling {
  handler: SignalingHandler | undefined
  open: () => void = () => {}
  refuse: (cause: Error) => void = () => {}
  readonly sent: string[] = []
  left = false

  join(_: string, handler: SignalingHandler): Promise<void> {
    this.handler = handler
    return new Promise((resolve, reject) => {
      this.open = resolve
      this.refuse = reject
    })
  }

  send(text: string): void {
    this.sent.push(text)
  }

  leave(): void {
    this.left = true
  }
}

function twoWays() {
  const ways = [new Way(), new Way()] as const
  const heard: string[] = []
  let returns = 0
  const bus = new SignalBus(ways, { stream: stream('a') })
  const joining = bus.join('me', {
    onSignal: text => void heard.push(text),
    onReturn: () => {
      returns += 1
    },
  })
  return { ways, bus, joining, heard, returns: () => returns }
}

describe('one way by itself', () => {
  it.each(signalingConformance)('$name', async ({ run }) => {
    const create = (room: string) => new SignalBus([broadcastChannelSignaling(room)], { stream: randomStream() })
    await run({ create, longest: MAX_BUS_LENGTH })
  })
})

describe('a way that is sealed', () => {
  it.each(signalingConformance)('$name', async ({ run }) => {
    const seal = sealWith(await deriveRoomKeys('room', newRoomSecret()))
    const create = (room: string) => new SignalBus([broadcastChannelSignaling(room)], { stream: randomStream(), seal })
    await run({ create, longest: MAX_SEALED_BUS_LENGTH })
  })

  it('what is sealed fits into a signal, whatever letters it is written in', async () => {
    const seal = sealWith(await deriveRoomKeys('room', newRoomSecret()))
    expect((await seal.seal('漢'.repeat(MAX_SEALED_BUS_LENGTH), '')).length).toBeLessThanOrEqual(MAX_BUS_LENGTH)
  })
})

describe('two ways at once', () => {
  it.each(signalingConformance)('$name', async ({ run }) => {
    const create = (room: string) =>
      new SignalBus(
        [1, 2].map(way => broadcastChannelSignaling(`${room}-${way}`)),
        { stream: randomStream() },
      )
    await run({ create, longest: MAX_BUS_LENGTH })
  })

  it('the room is entered with the first that opens; the other, later, is a return', async () => {
    const { ways, joining, returns } = twoWays()
    ways[1].open()
    await joining
    expect(returns()).toBe(0)
    ways[0].open()
    await Promise.resolve()
    await Promise.resolve()
    expect(returns()).toBe(1)
  })

  it('one that refuses does not matter while the other can open; when none can, the room cannot be entered', async () => {
    const one = twoWays()
    one.ways[0].refuse(new Error('no'))
    one.ways[1].open()
    await one.joining
    const none = twoWays()
    none.ways[0].refuse(new Error('no'))
    none.ways[1].refuse(new Error('neither'))
    await expect(none.joining).rejects.toBeInstanceOf(AggregateError)
  })

  it('of each text one copy is heard, the quicker', () => {
    const { ways, heard } = twoWays()
    const say = (way: 0 | 1, number: number) => ways[way].handler?.onSignal(`${stream('b')}:${number}*|text ${number}`)
    say(0, 1)
    say(1, 1)
    say(1, 2)
    say(0, 3)
    say(0, 2)
    say(1, 3)
    say(0, 2)
    expect(heard).toEqual(['text 1', 'text 2', 'text 3'])
  })

  it('a text that was lost on one way and overtaken on the other is still heard; one from long ago is not', () => {
    const { ways, heard } = twoWays()
    const say = (number: number) => ways[0].handler?.onSignal(`${stream('b')}:${number}*|text ${number}`)
    for (const number of [2, 1, 2, 1, 0, 1_000, 900, 999, 999]) say(number)
    for (let number = 1_001; number < 2_000; number += 1) say(number)
    heard.length = 4
    for (const number of [1, 2, 999, 1_000, 1_900, 1_999]) say(number)
    expect(heard).toEqual(['text 2', 'text 1', 'text 1000', 'text 999'])
  })

  it('says everything on both, and leaves both', () => {
    const { ways, bus } = twoWays()
    bus.send('hello')
    bus.leave()
    bus.send('late')
    for (const way of ways) expect([way.sent, way.left]).toEqual([[`${stream('a')}:1*|hello`], true])
  })

  it('what was prepared goes out at once, sealed or not, and is no copy of anything, whatever was said meanwhile', async () => {
    const seal = sealWith(await deriveRoomKeys('room', newRoomSecret()))
    for (const options of [{}, { seal }]) {
      const [here, there] = [new Way(), new Way()]
      const heard: string[] = []
      const bus = new SignalBus([here], { stream: stream('a'), ...options })
      const other = new SignalBus([there], { stream: stream('b'), ...options })
      void other.join('other', { onSignal: text => void heard.push(text), onReturn: () => {} })
      const say = bus.prepare('bye', stream('c'))
      for (let i = 1; i <= 200; i += 1) bus.send(`text ${i}`)
      await vi.waitUntil(() => here.sent.length === 200)
      say()
      expect(here.sent).toHaveLength(201)
      say()
      for (const text of here.sent) there.handler?.onSignal(text)
      await vi.waitUntil(() => heard.length === 201)
      expect(heard.filter(text => text === 'bye')).toHaveLength(1)
    }
  })

  it('what was prepared another thread can say in its place, sealed as it is, and said by both it is heard once', async () => {
    const seal = sealWith(await deriveRoomKeys('room', newRoomSecret()))
    for (const options of [{}, { seal }]) {
      const room = randomStream()
      const heard: string[] = []
      let told: readonly Broadcast[] = []
      const bus = new SignalBus([broadcastChannelSignaling(room), new Way()], {
        stream: stream('a'),
        prepared: broadcasts => {
          told = broadcasts
        },
        ...options,
      })
      const other = new SignalBus([broadcastChannelSignaling(room)], { stream: stream('b'), ...options })
      await bus.join('me', { onSignal: () => {}, onReturn: () => {} })
      await other.join('other', { onSignal: text => void heard.push(text), onReturn: () => {} })
      const say = bus.prepare('bye', stream('c'))
      await vi.waitUntil(() => told.length > 0)
      expect(told).toHaveLength(1)
      for (const { channel, message } of told) {
        const thread = new BroadcastChannel(channel)
        thread.postMessage(message)
        await vi.waitUntil(() => heard.length > 0)
        thread.close()
      }
      say()
      bus.send('the last')
      await vi.waitUntil(() => heard.includes('the last'))
      expect(heard).toEqual(['bye', 'the last'])
      bus.leave()
      other.leave()
    }
  })

  it('a text without a number is not heard, nor one whose number is none', () => {
    const { ways, heard } = twoWays()
    for (const text of [
      '',
      'hello',
      `${stream('b')}|x`,
      `${stream('b')}:*|x`,
      `${stream('b')}:-1*|x`,
      `${stream('b')}:1|x`,
      `b:1*|x`,
    ]) {
      ways[0].handler?.onSignal(text)
    }
    ways[0].handler?.onSignal(`${stream('b')}:9999999999999999*|x`)
    expect(heard).toEqual([])
  })

  it('ten thousand made-up streams cost no more memory than it has places', () => {
    const { ways, heard } = twoWays()
    for (let i = 0; i < 10_000; i += 1) ways[0].handler?.onSignal(`${i.toString(16).padStart(32, '0')}:1*|x`)
    expect(heard).toHaveLength(10_000)
  })
})
