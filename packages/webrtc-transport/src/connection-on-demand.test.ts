import { describe, expect, it } from 'vitest'
import type { Connect, Connection, ConnectionHandler } from './connection.ts'
import { ConnectionOnDemand } from './connection-on-demand.ts'

const offer = { type: 'offer', sdp: 'v=0' } as const
const candidate = { type: 'candidate', candidate: { candidate: 'x', sdpMLineIndex: 0, sdpMid: '0' } } as const

/** A fetch whose end the test decides, of a connection that writes down what happens to it. */
function bench() {
  const told: string[] = []
  const fetches: { done(): void; fail(): void }[] = []
  const connect: Connect = (initiator): Connection => {
    told.push(initiator ? 'initiates' : 'answers')
    return {
      negotiate: ({ type }) => void told.push(type),
      send: ({ byteLength }) => void told.push(`${byteLength} bytes`),
      fingerprints: undefined,
      bufferedBytes: 7,
      destroy: () => void told.push('destroyed'),
    }
  }
  const onDemand = new ConnectionOnDemand(
    () =>
      new Promise<Connect>((resolve, reject) => {
        fetches.push({ done: () => resolve(connect), fail: () => reject(new TypeError('no network')) })
      }),
  )
  const handler: ConnectionHandler = {
    onNegotiation: () => {},
    onOpen: () => {},
    onMessage: () => {},
    onWritable: () => {},
    onClose: () => void told.push('closed'),
  }
  return { onDemand, handler, told, fetches }
}

/** Everything that promises have brought about. */
const settled = () => new Promise(resolve => setTimeout(resolve))

describe('a connection on demand', () => {
  it('hears all that was said while its code was on the way, in order', async () => {
    const { onDemand, handler, told, fetches } = bench()
    const connection = onDemand.connect(false, handler)
    connection.negotiate(offer)
    connection.negotiate(candidate)
    expect(connection.bufferedBytes).toBe(0)
    expect(() => connection.send(new Uint8Array(1))).toThrow('once it is open')
    fetches[0]?.done()
    await settled()
    connection.negotiate(candidate)
    connection.send(new Uint8Array(3))
    expect(told).toEqual(['answers', 'offer', 'candidate', 'candidate', '3 bytes'])
    expect(connection.bufferedBytes).toBe(7)
  })

  it('fetches once, and connects at once from then on', async () => {
    const { onDemand, handler, told, fetches } = bench()
    onDemand.connect(true, handler)
    onDemand.connect(true, handler)
    fetches[0]?.done()
    await settled()
    onDemand.connect(false, handler)
    expect(fetches).toHaveLength(1)
    expect(told).toEqual(['initiates', 'initiates', 'answers'])
  })

  it('is not made at all if it was given up before', async () => {
    const { onDemand, handler, told, fetches } = bench()
    onDemand.connect(true, handler).destroy()
    fetches[0]?.done()
    await settled()
    expect(told).toEqual([])
  })

  it('closes when its code does not come, says why, and fetches again for the next', async () => {
    const { onDemand, handler, told, fetches } = bench()
    onDemand.connect(true, handler)
    fetches[0]?.fail()
    await settled()
    expect(told).toEqual(['closed'])
    expect(onDemand.failure).toMatchObject({ name: 'TransportError', kind: 'Unsupported' })
    onDemand.connect(true, handler)
    fetches[1]?.done()
    await settled()
    expect(told).toEqual(['closed', 'initiates'])
    expect(onDemand.failure).toBeUndefined()
  })

  it('fetched ahead, a failure harms nobody', async () => {
    const { onDemand, fetches } = bench()
    onDemand.prefetch()
    await expect.poll(() => fetches.length).toBe(1)
    fetches[0]?.fail()
    await settled()
    expect(onDemand.failure?.kind).toBe('Unsupported')
  })
})
