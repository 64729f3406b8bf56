import { manualClock } from '@flotilla/cluster'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { PING_EVERY_MS, type WebSocketLike, webSocketSignaling } from './web-socket-signaling.ts'

/** A server of sockets that do what the test tells them to. What the real one does is tested in its own package. */
function world() {
  const clock = manualClock()
  const sockets: FakeSocket[] = []
  class FakeSocket implements WebSocketLike {
    readyState = 0
    bufferedAmount = 0
    binaryType = ''
    onopen: (() => void) | null = null
    onmessage: ((event: { data: unknown }) => void) | null = null
    onclose: ((event: { code: number; reason: string }) => void) | null = null
    onerror: (() => void) | null = null
    readonly sent: string[] = []
    readonly relayed: Uint8Array[] = []
    closed = false
    closedWith: number | undefined

    constructor() {
      sockets.push(this)
    }

    send(data: string | Uint8Array): void {
      if (typeof data === 'string') this.sent.push(data)
      else this.relayed.push(data)
    }

    close(code?: number): void {
      this.closed = true
      this.closedWith = code
    }

    letIn(): void {
      this.readyState = 1
      this.onopen?.()
      this.say(['joined'])
    }

    say(frame: unknown): void {
      this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) })
    }

    end(code = 1006, reason = ''): void {
      this.readyState = 3
      this.onclose?.({ code, reason })
    }
  }
  const heard: string[] = []
  let returns = 0
  let losses = 0
  const handler = {
    onSignal: (text: string) => void heard.push(text),
    onReturn: () => {
      returns += 1
    },
    onLost: () => {
      losses += 1
    },
  }
  const signaling = webSocketSignaling({ url: 'ws://x/s?token=1', clock, random: () => 0.5, webSocket: FakeSocket })(
    'room',
  )
  const last = (): FakeSocket => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('no connection was made')
    return socket
  }
  return { clock, sockets, heard, handler, signaling, last, returns: () => returns, losses: () => losses }
}

describe('signalling through a server', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('enters the room, says and hears', async () => {
    const { signaling, handler, last, heard } = world()
    const joining = signaling.join('me', handler)
    last().letIn()
    await joining
    signaling.send('to all')
    signaling.send('to b', 'b')
    last().say(['signal', 'hello'])
    expect(last().sent.map(text => JSON.parse(text))).toEqual([
      ['join', 'room', 'me'],
      ['signal', null, 'to all'],
      ['signal', 'b', 'to b'],
    ])
    expect(heard).toEqual(['hello'])
  })

  it('says once that the server is out of reach, and no more when it is back', async () => {
    const { signaling, handler, last, clock, losses } = world()
    const joining = signaling.join('me', handler)
    expect([signaling.isLost, signaling.unreached]).toEqual([false, 'ws://x/s'])
    last().end()
    clock.advance(1_000)
    last().end()
    expect([signaling.isLost, losses(), signaling.unreached]).toEqual([true, 1, 'ws://x/s'])
    clock.advance(2_000)
    last().letIn()
    await joining
    expect([signaling.isLost, signaling.unreached]).toEqual([false, undefined])
    last().end()
    expect([signaling.isLost, losses()]).toEqual([true, 2])
  })

  it('a server that is not there is tried again, ever more rarely but for ever', async () => {
    const { signaling, handler, last, sockets, clock } = world()
    const joining = signaling.join('me', handler)
    const waits: number[] = []
    for (let i = 0; i < 40; i += 1) {
      const from = clock.now()
      last().end()
      clock.advanceTo(clock.earliest)
      waits.push(clock.now() - from)
    }
    expect(sockets).toHaveLength(41)
    expect(waits[0]).toBeLessThan(1_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000)
    expect(waits.slice(0, 6)).toEqual([...waits.slice(0, 6)].sort((a, b) => a - b))
    last().letIn()
    await joining
  })

  it('a lost connection is made again, and that is told', async () => {
    const { signaling, handler, last, sockets, clock, returns } = world()
    const joining = signaling.join('me', handler)
    last().letIn()
    await joining
    clock.advance(15_000)
    last().end()
    signaling.send('lost')
    clock.advance(1_000)
    expect(sockets).toHaveLength(2)
    expect(returns()).toBe(0)
    last().letIn()
    expect(returns()).toBe(1)
    signaling.send('heard')
    expect(last().sent).toHaveLength(2)
  })

  it('a server that lets everyone in and then drops them is not stormed', async () => {
    const { signaling, handler, last, sockets, clock } = world()
    void signaling.join('me', handler)
    while (clock.now() < 600_000) {
      last().letIn()
      last().end()
      clock.advanceTo(clock.earliest)
    }
    expect(sockets.length).toBeLessThan(80)
  })

  it('a server that stands still is noticed, and another connection made without waiting for its goodbye', async () => {
    const { signaling, handler, last, sockets, clock } = world()
    const joining = signaling.join('me', handler)
    last().letIn()
    await joining
    const first = last()
    clock.advance(PING_EVERY_MS)
    expect(first.sent.at(-1)).toBe('["ping"]')
    first.say(['pong'])
    clock.advance(PING_EVERY_MS + 11_000)
    expect(first.closed).toBe(true)
    expect(sockets).toHaveLength(2)
    // What the old one says late is not heard.
    first.say(['signal', 'late'])
    first.end()
    last().letIn()
    expect(sockets).toHaveLength(2)
  })

  it('a connection that never opens is given up for another', () => {
    const { signaling, handler, sockets, clock } = world()
    void signaling.join('me', handler)
    clock.advance(10_000)
    expect(sockets.length).toBeGreaterThan(1)
    expect(sockets[0]?.closed).toBe(true)
  })

  it('a refusal is told to whoever enters', async () => {
    const { signaling, handler, last } = world()
    const joining = signaling.join('me', handler)
    last().end(4_409, 'room is full')
    await expect(joining).rejects.toThrow('room is full')
  })

  it('the network that is back is not waited for', () => {
    const listeners = new Map<string, () => void>()
    vi.stubGlobal('addEventListener', (type: string, listener: () => void) => listeners.set(type, listener))
    vi.stubGlobal('removeEventListener', (type: string) => listeners.delete(type))
    const { signaling, handler, last, sockets, clock } = world()
    signaling.join('me', handler).catch(() => {})
    for (let i = 0; i < 10; i += 1) {
      last().end()
      clock.advanceTo(clock.earliest)
    }
    last().end()
    const before = sockets.length
    listeners.get('online')?.()
    expect(sockets).toHaveLength(before + 1)
    signaling.leave()
    expect(listeners.size).toBe(0)
  })

  it('after leaving nothing is heard, said or tried again', async () => {
    const { signaling, handler, last, sockets, clock, heard } = world()
    const joining = signaling.join('me', handler)
    last().letIn()
    await joining
    signaling.leave()
    signaling.leave()
    last().say(['signal', 'late'])
    last().end()
    clock.advance(3_600_000)
    expect(last().closed).toBe(true)
    expect(sockets).toHaveLength(1)
    expect(heard).toEqual([])
  })

  it('says goodbye when it leaves, and not when it only hangs up to come back', async () => {
    const { signaling, handler, last, sockets, clock } = world()
    const joining = signaling.join('me', handler)
    last().letIn()
    await joining
    const [silent] = sockets
    clock.advance(60_000)
    expect(sockets.length).toBeGreaterThan(1)
    expect(silent).toMatchObject({ closed: true, closedWith: undefined })
    last().letIn()
    signaling.leave()
    expect(last().closedWith).toBe(1_000)
  })

  it('asks who is there once for all who want to know, and knows it of nobody while there is no connection', async () => {
    const { signaling, handler, last } = world()
    const joining = signaling.join('me', handler)
    expect(await signaling.present?.()).toBeUndefined()
    last().letIn()
    await joining
    const asked = [signaling.present?.(), signaling.present?.()]
    expect(last().sent.filter(text => text === '["who"]')).toHaveLength(1)
    last().say(['present', ['a', 'b', 7, '']])
    expect(await Promise.all(asked)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    const lost = signaling.present?.()
    last().end()
    expect(await lost).toBeUndefined()
  })

  it('what is no frame of the server is passed over', async () => {
    const { signaling, handler, last, heard } = world()
    const joining = signaling.join('me', handler)
    last().letIn()
    await joining
    for (const frame of ['', '{', 'null', '{"0":"signal"}', '["signal"]', '["signal",1]', '["other","x"]']) {
      last().say(frame)
    }
    last().say(['signal', 'x'.repeat(32 * 1024 + 1)])
    last().say('x'.repeat(10_000_000))
    last().onmessage?.({ data: new Uint8Array(3) })
    last().say(['joined'])
    last().say(['signal', 'good'])
    expect(heard).toEqual(['good'])
  })
})
