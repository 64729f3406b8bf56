/**
 * What every signalling adapter promises, as cases that any runner can run. Absence is shown by order, never by waiting:
 * texts of one sender arrive in turn, so whoever has the later one would have had the earlier.
 */
import { type ConformanceCase, expect } from '@flotilla/cluster/conformance'
import { MAX_RELAYED_BYTES } from './relayed-message.ts'
import { MAX_SIGNAL_LENGTH, type Signaling } from './signaling.ts'

export interface SignalingSubject {
  /** A new adapter for this room, not yet joined. Rooms of different names must be apart. */
  create(room: string): Signaling
  /** The longest text that it carries. Default: MAX_SIGNAL_LENGTH. */
  readonly longest?: number
}

export const signalingConformance: readonly ConformanceCase<SignalingSubject>[] = [
  {
    name: 'a broadcast reaches everyone else in the room, and not its sender',
    run: inRoom(['a', 'b', 'c'], async ([a, b, c]) => {
      a.send('hello')
      await b.hears('hello')
      await c.hears('hello')
      b.send('fence')
      await a.hears('fence')
      expect(!a.heard.includes('hello'), 'a sender does not hear itself')
    }),
  },
  {
    name: 'a directed text reaches the addressee only',
    run: inRoom(['a', 'b', 'c'], async ([a, b, c]) => {
      a.send('for b', 'b')
      a.send('fence')
      await b.hears('fence')
      await c.hears('fence')
      expect(b.heard.includes('for b'), 'the addressee hears it')
      expect(!c.heard.includes('for b'), 'nobody else hears it')
    }),
  },
  {
    name: 'a text for an id that is nowhere is harmless',
    run: inRoom(['a', 'b'], async ([a, b]) => {
      a.send('lost', 'nobody')
      a.send('fence')
      await b.hears('fence')
      expect(b.heard.length === 1, 'only the fence arrives')
    }),
  },
  {
    name: 'whoever has joined hears what is sent from then on, without waiting for anything else',
    run: inRoom(['a'], async ([a], join) => {
      const late = await join('late')
      a.send('after')
      await late.hears('after')
    }),
  },
  {
    name: 'texts of one sender arrive in order, each once',
    run: inRoom(['a', 'b'], async ([a, b]) => {
      const texts = Array.from({ length: 200 }, (_, i) => `text ${i}`)
      texts.forEach((text, i) => {
        a.send(text, i % 2 === 0 ? 'b' : undefined)
      })
      await b.hears('text 199')
      expect(b.heard.join() === texts.join(), 'the same texts in the same order')
    }),
  },
  {
    name: 'texts arrive unaltered, up to the longest',
    run: inRoom(['a', 'b'], async ([a, b], _, longest) => {
      const texts = ['', '{"__proto__":{"x":1}}', 'ё漢🚢\u0000\u2028\r\n"\\', 'x'.repeat(longest)]
      for (const text of texts) a.send(text)
      a.send('fence')
      await b.hears('fence')
      expect(JSON.stringify(b.heard) === JSON.stringify([...texts, 'fence']), 'every text as it was sent')
    }),
  },
  {
    name: 'a text that is too long throws a RangeError at its sender, and reaches nobody',
    run: inRoom(['a', 'b'], async ([a, b], _, longest) => {
      for (const length of [longest + 1, 10_000_000]) {
        let thrown: unknown
        try {
          a.send('x'.repeat(length))
        } catch (error) {
          thrown = error
        }
        expect(thrown instanceof RangeError, `a text of ${length} is refused`)
      }
      a.send('fence')
      await b.hears('fence')
      expect(b.heard.length === 1, 'only the fence arrives')
    }),
  },
  {
    name: 'rooms do not hear each other',
    async run(subject) {
      await inRoom(['a', 'b'], async ([a, b]) => {
        await inRoom(['b', 'c'], async ([otherB, otherC]) => {
          a.send('here')
          a.send('for b', 'b')
          await b.hears('for b')
          otherC.send('fence')
          await otherB.hears('fence')
          expect(otherB.heard.length === 1, 'only what was sent in its own room')
        })(subject)
      })(subject)
    },
  },
  {
    name: 'two tabs under one id both hear what is for that id',
    run: inRoom(['a', 'twin', 'twin'], async ([a, one, other]) => {
      a.send('for both', 'twin')
      await one.hears('for both')
      await other.hears('for both')
    }),
  },
  {
    name: 'after leave nothing is heard or sent; leaving twice is leaving once',
    run: inRoom(['a', 'b', 'c'], async ([a, b, c]) => {
      b.leave()
      b.leave()
      a.send('to those who stayed')
      b.send('from outside')
      await c.hears('to those who stayed')
      a.send('fence')
      await c.hears('fence')
      expect(b.heard.length === 0, 'who has left hears nothing')
      expect(!c.heard.includes('from outside'), 'who has left is not heard')
    }),
  },
  {
    name: 'what was sent just before leaving still arrives',
    run: inRoom(['a', 'b'], async ([a, b]) => {
      a.send('bye')
      a.leave()
      await b.hears('bye')
    }),
  },
]

/** What those promise that carry bytes as well. */
export const relayConformance: readonly ConformanceCase<SignalingSubject>[] = [
  {
    name: 'relayed bytes reach the addressee only, unaltered, in order, each once, up to the longest',
    run: inRoom(['a', 'b', 'c'], async ([a, b, c]) => {
      const messages = [1, 2, 300, MAX_RELAYED_BYTES].map((length, i) => new Uint8Array(length).fill(i + 7))
      for (const message of messages) expect(a.relay(message, 'b'), 'the way takes it')
      await b.relayed(messages.length)
      expect(b.carried.map(String).join('|') === messages.map(String).join('|'), 'the same bytes in the same order')
      a.send('fence')
      await c.hears('fence')
      expect(c.carried.length === 0 && a.carried.length === 0, 'nobody else has them')
    }),
  },
  {
    name: 'bytes for an id that is nowhere are harmless, and too many throw a RangeError',
    run: inRoom(['a', 'b'], async ([a, b]) => {
      a.relay(new Uint8Array(3), 'nobody')
      let thrown: unknown
      try {
        a.relay(new Uint8Array(MAX_RELAYED_BYTES + 1), 'b')
      } catch (error) {
        thrown = error
      }
      expect(thrown instanceof RangeError, 'too many are refused')
      expect(a.relay(Uint8Array.of(9), 'b'), 'the way takes it')
      await b.relayed(1)
      expect(b.carried.join() === '9', 'only what was in bounds arrives')
    }),
  },
  {
    name: 'whoever has left takes no bytes and is brought none',
    run: inRoom(['a', 'b', 'b'], async ([a, left, stays]) => {
      left.leave()
      expect(!left.relay(Uint8Array.of(1), 'a'), 'who has left is told so')
      expect(a.relay(Uint8Array.of(2), 'b'), 'the way takes it')
      await stays.relayed(1)
      expect(left.carried.length === 0, 'who has left hears nothing')
    }),
  },
]

interface Visitor {
  readonly heard: readonly string[]
  readonly carried: readonly Uint8Array[]
  relay(message: Uint8Array<ArrayBuffer>, to: string): boolean
  /** Resolves when so many messages were relayed to it. */
  relayed(count: number): Promise<void>
  hears(text: string): Promise<void>
  send(text: string, to?: string): void
  leave(): void
}

type Visitors = readonly [Visitor, Visitor, Visitor]

/** Runs `story` with these ids in a room of its own; unused places of the three are joined by nobody and must not be used. */
function inRoom(
  ids: readonly string[],
  story: (visitors: Visitors, join: (id: string) => Promise<Visitor>, longest: number) => Promise<void>,
): (subject: SignalingSubject) => Promise<void> {
  return async subject => {
    const room = `conformance-${crypto.randomUUID()}`
    const here: Visitor[] = []
    const join = async (id: string): Promise<Visitor> => {
      const visitor = await enter(subject.create(room), id)
      here.push(visitor)
      return visitor
    }
    try {
      for (const id of ids) await join(id)
      const [first = absent, second = absent, third = absent] = here
      await story([first, second, third], join, subject.longest ?? MAX_SIGNAL_LENGTH)
    } finally {
      for (const visitor of here) visitor.leave()
    }
  }
}

async function enter(signaling: Signaling, id: string): Promise<Visitor> {
  const heard: string[] = []
  const carried: Uint8Array[] = []
  const waiting = new Set<() => void>()
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise(resolve => {
      const look = (): void => {
        if (!isSo()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  await signaling.join(id, {
    onRelayed: message => {
      carried.push(message)
      for (const look of waiting) look()
    },
    onSignal: text => {
      heard.push(text)
      for (const look of waiting) look()
    },
    onReturn: () => {},
  })
  return {
    heard,
    carried,
    hears: text => until(() => heard.includes(text)),
    relay: (message, to) => signaling.relay?.(message, to) ?? false,
    relayed: count => until(() => carried.length >= count),
    send: (text, to) => signaling.send(text, to),
    leave: () => signaling.leave(),
  }
}

const absent: Visitor = {
  heard: [],
  carried: [],
  relay: () => false,
  relayed: () => Promise.reject(new Error('nobody is in this place')),
  hears: () => Promise.reject(new Error('nobody is in this place')),
  send: () => {
    throw new Error('nobody is in this place')
  },
  leave: () => {},
}
