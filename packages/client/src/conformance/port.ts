/** What every Port promises (`port.ts`), as cases that any implementation can be held to, in Node or in a page. */
import { type ConformanceCase, expect, patterned, until } from '@flotilla/cluster/conformance'
import { MAX_MESSAGE_BYTES, type Port } from '../port.ts'

export interface PortSubject {
  /** Both ends of a new way. */
  pair(): Promise<readonly [Port, Port]>
}

const cases: ConformanceCase<PortSubject>[] = []

function promise(name: string, run: (a: Port, b: Port, subject: PortSubject) => Promise<void>): void {
  cases.push({
    name,
    async run(subject) {
      const [a, b] = await subject.pair()
      try {
        await run(a, b, subject)
      } finally {
        a.close()
        b.close()
      }
    },
  })
}

export const portConformance: readonly ConformanceCase<PortSubject>[] = cases

/** Everything that comes out at this end, from now on. */
function heard(port: Port): Uint8Array[] {
  const messages: Uint8Array[] = []
  port.open(message => void messages.push(message))
  return messages
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i])

promise(
  'messages arrive whole and in the order in which they were sent, each once, both ways at the same time',
  async (a, b) => {
    const atA = heard(a)
    const atB = heard(b)
    for (let i = 0; i < 500; i++) {
      a.send(patterned(1 + (i % 97), i))
      b.send(patterned(1 + (i % 89), i + 1))
    }
    await until(() => atA.length >= 500 && atB.length >= 500, 'all messages arrive')
    a.send(Uint8Array.of(1))
    b.send(Uint8Array.of(2))
    await until(() => atA.length > 500 && atB.length > 500, 'the last ones arrive')
    expect(atA.length === 501 && atB.length === 501, 'each message arrives once')
    for (let i = 0; i < 500; i++) {
      expect(isSame(atB[i], patterned(1 + (i % 97), i)), `message ${i} arrives at the one end as it was sent`)
      expect(isSame(atA[i], patterned(1 + (i % 89), i + 1)), `message ${i} arrives at the other end as it was sent`)
    }
  },
)

promise('what was sent before the other end was opened is delivered then, in order', async (a, b) => {
  for (let i = 0; i < 20; i++) a.send(patterned(10, i))
  const atB = heard(b)
  await until(() => atB.length >= 20, 'all that was sent arrives')
  for (let i = 0; i < 20; i++) expect(isSame(atB[i], patterned(10, i)), `message ${i} is the one that was sent`)
})

promise('a message of any length up to the longest arrives byte for byte', async (a, b) => {
  const atB = heard(b)
  const lengths = [0, 1, 2, 255, 16_384, 65_537, MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES]
  for (const length of lengths) a.send(patterned(length, length))
  await until(() => atB.length >= lengths.length, 'all lengths arrive')
  for (const [i, length] of lengths.entries()) {
    expect(isSame(atB[i], patterned(length, length)), `${length} bytes arrive as they were sent`)
  }
})

promise('a message that is too long is refused where it is sent, and the port goes on', async (a, b) => {
  const atB = heard(b)
  let error: unknown
  try {
    a.send(new Uint8Array(MAX_MESSAGE_BYTES + 1))
  } catch (caught) {
    error = caught
  }
  expect(error instanceof RangeError, 'send throws a RangeError')
  a.send(patterned(3, 1))
  await until(() => atB.length > 0, 'the next message arrives')
  expect(isSame(atB[0], patterned(3, 1)), 'and nothing of the one before it')
})

promise(
  'the bytes are the sender’s again as soon as they are sent, and the receiver’s once they are received',
  async (a, b) => {
    const atB = heard(b)
    const shared = patterned(100, 1)
    const part = shared.subarray(10, 20)
    const copy = part.slice()
    a.send(part)
    shared.fill(0)
    a.send(copy)
    await until(() => atB.length >= 2, 'both arrive')
    expect(isSame(atB[0], patterned(100, 1).subarray(10, 20)), 'what the sender does afterwards changes nothing')
    atB[0]?.fill(9)
    expect(isSame(atB[1], copy), 'what the receiver does with one message does not change another')
    expect(isSame(copy, patterned(100, 1).subarray(10, 20)), 'nor what the sender has')
  },
)

promise('an end that was closed hears nothing and says nothing any more, and nothing throws', async (a, b, subject) => {
  const atA = heard(a)
  const atB = heard(b)
  a.send(patterned(5, 1))
  await until(() => atB.length === 1, 'the port works')
  b.close()
  b.close()
  b.send(patterned(5, 2))
  a.send(patterned(5, 3))
  a.close()
  a.send(patterned(5, 4))
  // Time enough for whatever should not have been sent: another way is as quick.
  const [c, d] = await subject.pair()
  const atD = heard(d)
  c.send(patterned(5, 5))
  await until(() => atD.length > 0, 'another port works')
  expect(atA.length === 0 && atB.length === 1, 'nothing came after the close')
  c.close()
  d.close()
})
