import { MAX_SIGNAL_LENGTH, type Signaling } from '@flotilla/webrtc-transport'
import { relayConformance, signalingConformance } from '@flotilla/webrtc-transport/signaling-conformance'
import { wsconnect } from '@nats-io/nats-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { natsProgram, natsServers } from './fixtures/nats-server.ts'
import { natsSignaling } from './nats-signaling.ts'
import { everybodyIn, oneIn, presenceIn, relayedTo } from './subjects.ts'

// Node 20 has none, and NATS's client waits for ever where there is none.
Object.assign(globalThis, { WebSocket: globalThis.WebSocket ?? WebSocket })

if (natsProgram === undefined)
  console.log('Skipped: signalling through NATS, there is no nats-server here (Debian: nats-server)')

type Servers = Awaited<ReturnType<typeof natsServers>>

describe.skipIf(natsProgram === undefined)('signalling through a NATS server', () => {
  let nats: Servers
  beforeAll(async () => {
    nats = await natsServers(1)
  })
  afterAll(() => nats.release())

  it.each([...signalingConformance, ...relayConformance])('$name', async ({ run }) => {
    await run({ create: natsSignaling({ servers: nats.servers.map(({ url }) => url) }) })
  })
})

describe.skipIf(natsProgram === undefined)('signalling through a cluster of two NATS servers', () => {
  let nats: Servers
  beforeAll(async () => {
    nats = await natsServers(2)
  })
  afterAll(() => nats.release())

  it.each([...signalingConformance, ...relayConformance])(
    'in a room that is spread over both, $name',
    async ({ run }) => {
      const urls = nats.servers.map(({ url }) => url)
      let next = 0
      const create = (room: string): Signaling => {
        const here = urls[next++ % 2] ?? ''
        const others = urls.filter(url => url !== here)
        return knownEverywhere(natsSignaling({ servers: [here] })(room), natsSignaling({ servers: others })(room))
      }
      await run({ create })
    },
  )
})

describe.skipIf(natsProgram === undefined)('who is in a room of two NATS servers', () => {
  let nats: Servers
  let urls: readonly string[]
  const handler = { onSignal: () => {}, onReturn: () => {} }
  const enter = async (room: string, id: string, server: number): Promise<Signaling> => {
    const signaling = natsSignaling({ servers: [urls[server] ?? ''] })(room)
    await signaling.join(id, handler)
    return signaling
  }
  beforeAll(async () => {
    nats = await natsServers(2)
    urls = nats.servers.map(({ url }) => url)
  })
  afterAll(() => nats.release())

  it('is known: nobody else, or those who say so, also through the other server', async () => {
    const a = await enter('presence', 'a', 0)
    expect(await a.present?.()).toEqual([])
    const b = await enter('presence', 'b', 1)
    const elsewhere = await enter('another room', 'c', 0)
    await expect.poll(() => a.present?.()).toEqual(['b'])
    await expect.poll(() => b.present?.()).toEqual(['a'])
    expect(await elsewhere.present?.()).toEqual([])
    b.leave()
    await expect.poll(() => a.present?.()).toEqual([])
    for (const one of [a, elsewhere]) one.leave()
    expect(await a.present?.()).toBeUndefined()
  })

  it('is not known while a page is there that is too busy to say so: it is never taken for nobody', async () => {
    const busy = await wsconnect({ servers: [urls[0] ?? ''] })
    busy.subscribe(presenceIn('busy'), { callback: () => {} })
    await busy.flush()
    const a = await enter('busy', 'a', 0)
    expect(await a.present?.()).toBeUndefined()
    await busy.close()
    await expect.poll(() => a.present?.()).toEqual([])
    a.leave()
  })
})

/** Whose `join` resolves when the other server knows of it too: when it has heard somebody there. */
function knownEverywhere(signaling: Signaling, prober: Signaling): Signaling {
  const isProbe = (text: string): boolean => text.startsWith('probe ')
  return {
    join: async (self, handler) => {
      const probe = `probe ${crypto.randomUUID()}`
      let heard = false
      await signaling.join(self, {
        ...handler,
        onSignal: text => {
          if (text === probe) heard = true
          if (!isProbe(text)) handler.onSignal(text)
        },
      })
      await prober.join(probe, { onSignal: () => {}, onReturn: () => {} })
      await expect
        .poll(() => {
          prober.send(probe)
          prober.send(probe, self)
          return heard
        })
        .toBe(true)
      prober.leave()
    },
    send: (text, to) => signaling.send(text, to),
    relay: (message, to) => signaling.relay?.(message, to) ?? false,
    leave: () => signaling.leave(),
  }
}

describe.skipIf(natsProgram === undefined)('whoever may speak to a NATS server', () => {
  it('says what is no signal, too long or no text: none of it throws or is taken for more than a text, and signals still come', async () => {
    const nats = await natsServers(1)
    const servers = nats.servers.map(({ url }) => url)
    const signaling = natsSignaling({ servers })('room')
    const heard: string[] = []
    const relayed: Uint8Array[] = []
    try {
      await signaling.join('a', {
        onSignal: text => heard.push(text),
        onReturn: () => {},
        onRelayed: message => relayed.push(message),
      })
      const stranger = await wsconnect({ servers })
      for (const subject of [everybodyIn('room'), oneIn('room', 'a'), relayedTo('room', 'a')]) {
        stranger.publish(subject)
        stranger.publish(subject, Uint8Array.of(0xff, 0xfe, 0xed, 0xa0, 0x80))
        stranger.publish(subject, 'x'.repeat(4 * MAX_SIGNAL_LENGTH))
        stranger.publish(subject, 'the end')
      }
      await expect.poll(() => relayed.length).toBe(3)
      // What was no text is none of a room's: everything else is looked into by those who have its key.
      expect(heard).toEqual(['', '\ufffd'.repeat(5), 'the end', '', '\ufffd'.repeat(5), 'the end'])
      expect(relayed.map(({ byteLength }) => byteLength)).toEqual([0, 5, 7])
      await stranger.close()
    } finally {
      signaling.leave()
      await nats.release()
    }
  })

  it('sends ten megabytes: the server ends that connection, and the room hears nothing of it', async () => {
    const nats = await natsServers(1)
    const servers = nats.servers.map(({ url }) => url)
    const signaling = natsSignaling({ servers })('room')
    const heard: string[] = []
    try {
      await signaling.join('a', { onSignal: text => heard.push(text), onReturn: () => {} })
      const { host } = new URL(servers[0] ?? '')
      const stranger = new WebSocket(`ws://${host}`)
      await new Promise(resolve => stranger.once('open', resolve))
      const ended = new Promise(resolve => stranger.once('close', resolve))
      stranger.on('error', () => {})
      stranger.send('CONNECT {"verbose":false}\r\n')
      stranger.send(`PUB ${everybodyIn('room')} 10000000\r\n${'x'.repeat(10_000_000)}\r\n`)
      await ended
      const other = natsSignaling({ servers })('room')
      await other.join('b', { onSignal: () => {}, onReturn: () => {} })
      other.send('still there')
      await expect.poll(() => heard).toEqual(['still there'])
      other.leave()
    } finally {
      signaling.leave()
      await nats.release()
    }
  })
})

describe.skipIf(natsProgram === undefined)('a NATS server that goes', () => {
  const heardBy = async (signaling: Signaling, id: string) => {
    const heard: string[] = []
    let returns = 0
    await signaling.join(id, { onSignal: text => heard.push(text), onReturn: () => returns++ })
    return { heard, returns: () => returns }
  }

  // That a server is there and does not answer is noticed after some seconds: the long run has the time.
  const ways: readonly ('kill' | 'stop')[] = process.env.FLOTILLA_LONG_RUN === '1' ? ['kill', 'stop'] : ['kill']
  it.each(ways)(
    'by %s: everybody moves to the other one, and is told of the return',
    async how => {
      const nats = await natsServers(2)
      const [first, second] = nats.servers
      if (first === undefined || second === undefined) throw new Error('two servers were asked for')
      const servers = [first.url, second.url]
      const a = natsSignaling({ servers })('room')
      const b = natsSignaling({ servers: [second.url] })('room')
      try {
        const atA = await heardBy(a, 'a')
        const atB = await heardBy(b, 'b')
        await first[how]()
        await expect.poll(() => atA.returns()).toBe(1)
        await expect
          .poll(() => {
            b.send('still there?', 'a')
            a.send('yes')
            return atA.heard.includes('still there?') && atB.heard.includes('yes')
          })
          .toBe(true)
      } finally {
        a.leave()
        b.leave()
        await nats.release()
      }
    },
    130_000,
  )

  it('that wants a token refuses who has another, and says so', async () => {
    const nats = await natsServers(1, { token: 'right' })
    const servers = nats.servers.map(({ url }) => url)
    const allowed = natsSignaling({ servers, credentials: { token: 'right' } })('room')
    const refused = natsSignaling({ servers, credentials: { token: 'wrong' } })('room')
    const handler = { onSignal: () => {}, onReturn: () => {} }
    try {
      await allowed.join('a', handler)
      await expect(refused.join('b', handler)).rejects.toThrow('refuses these credentials')
    } finally {
      allowed.leave()
      refused.leave()
      await nats.release()
    }
  })
})

it('needs the address of a server', () => {
  expect(() => natsSignaling({ servers: [] })).toThrow(RangeError)
})
