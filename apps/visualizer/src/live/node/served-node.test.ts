import { ClusterError, manualClock, OpenTimeout } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import { describe, expect, it, vi } from 'vitest'
import { NO_NODE } from '../console-api.ts'
import type { LiveRoom, NodeControls, ServedNode, Tell, Told } from './live-node.ts'
import type { FromNode, MessagesEnd, ToNode } from './messages.ts'
import { NodeOverPort, type NodesPlace } from './node-over-port.ts'
import { serveNode } from './serve-node.ts'

const room: LiveRoom = {
  room: 'room',
  host: { signaling: undefined, nats: [], ice: { iceServers: [], iceTransportPolicy: 'all' } },
  database: 'room',
  isGuest: false,
  preferredNode: undefined,
  controls: { pace: 1, cuts: [] },
}

const event = (at: number): TraceEvent => ({ type: 'crashed', reason: 'asked to', node: 'a', at })

/** A page and its workers, of which the test makes what it likes. */
function setUp() {
  const clock = manualClock()
  const told: Told[] = []
  const workers: ReturnType<typeof worker>[] = []
  const another = async (): Promise<NodesPlace> => {
    const next = worker()
    workers.push(next)
    return next.place
  }
  const first = worker()
  workers.push(first)
  const node = new NodeOverPort(room, first.place, { clock, tell: each => void told.push(each), another })
  return { clock, told, workers, first, node }
}

function worker() {
  const { port1, port2 } = new MessageChannel()
  const done: string[] = []
  const opened: { readonly room: LiveRoom; readonly tell: Tell }[] = []
  let open = (): void => {}
  let fail = (_: Error): void => {}
  let isDead = false
  const served: ServedNode = {
    opened: new Promise<void>((resolve, reject) => {
      open = resolve
      fail = reject
    }),
    async set(key, value) {
      if (key === 'never') return new Promise(() => {})
      if (key === 'refused') throw new ClusterError('Overloaded', value)
      opened[0]?.tell({ kind: 'trace', event: event(7) })
      return { index: 7, term: 1 }
    },
    get: async (key, consistency, timeoutMs) => (key === 'none' ? undefined : `${key} ${consistency} ${timeoutMs}`),
    change: async change => void done.push(change.kind),
    observe: (payload: Uint8Array, to?: NodeId) => void done.push(`observe ${[...payload]} to ${to}`),
    setControls: ({ pace }: NodeControls) => void done.push(`pace ${pace}`),
    crash: () => void done.push('crash'),
    goodbye: () => {
      opened[0]?.tell({ kind: 'trace', event: event(9) })
      done.push('goodbye')
    },
    resume: () => void done.push('resume'),
    sayLastWords: events => void done.push(`last words of ${events.map(({ at }) => at)}`),
  }
  served.opened.catch(() => {})
  const inside: MessagesEnd<FromNode> = {
    postMessage: message => port2.postMessage(message),
    onmessage: null,
  }
  port2.onmessage = message => isDead || inside.onmessage?.(message)
  serveNode(inside, (room, _, tell) => {
    opened.push({ room, tell })
    return served
  })
  const outside: MessagesEnd<ToNode> = port1
  const place: NodesPlace = {
    worker: outside,
    connections: new MessageChannel().port1,
    end: () => {
      done.push('ended')
      port1.close()
    },
  }
  const die = (): void => {
    isDead = true
  }
  return { place, done, opened, tell: (told: Told) => opened[0]?.tell(told), open, fail, die }
}

/** However busy the machine is. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000 })

const kinds = (told: readonly Told[]) => told.map(({ kind }) => kind)

describe('a node over a port', () => {
  it('does what is asked of it, and answers', async () => {
    const { node, first } = setUp()
    expect(await node.set('x', '1', 100)).toEqual({ index: 7, term: 1 })
    expect(await node.get('x', 'local', 100)).toBe('x local 100')
    expect(await node.get('none', 'local', 100)).toBeUndefined()
    node.observe(new Uint8Array([1, 2]), 'b')
    node.setControls({ pace: 20, cuts: [] })
    node.crash()
    await node.change({ kind: 'restart' })
    expect(first.done).toEqual(['observe 1,2 to b', 'pace 20', 'crash', 'restart'])
  })

  it('tells why something was refused, as an error of the same kind', async () => {
    const { node } = setUp()
    await expect(node.set('refused', 'too much', 100)).rejects.toMatchObject({
      kind: 'Overloaded',
      message: 'too much',
    })
  })

  it('is open when the node is, and tells what kept it from that', async () => {
    const { node, first } = setUp()
    first.open()
    await node.opened
    const other = setUp()
    other.first.fail(new OpenTimeout('lock', 20_000))
    await expect(other.node.opened).rejects.toBeInstanceOf(OpenTimeout)
  })

  it('tells what led to an answer before the answer', async () => {
    const { node, told } = setUp()
    await node.set('x', '1', 100)
    expect(kinds(told)).toEqual(['trace'])
  })

  it('tells what happens in one task together, in its order, and what a page missed when it reads again', async () => {
    const { node, told, first } = setUp()
    await node.change({ kind: 'swapVoter' })
    for (let at = 1; at <= 100; at++) first.tell({ kind: 'trace', event: event(at) })
    await eventually(() => expect(told).toHaveLength(100))
    first.tell({ kind: 'trace', event: event(101) })
    await eventually(() => expect(told).toHaveLength(101))
    expect(told.map(each => (each.kind === 'trace' ? each.event.at : -1))).toEqual(
      Array.from({ length: 101 }, (_, i) => i + 1),
    )
  })

  it('gives what nobody was told to those who watch, when the page closes', async () => {
    const { node, first } = setUp()
    await node.change({ kind: 'swapVoter' })
    first.tell({ kind: 'trace', event: event(1) })
    await eventually(() => expect(first.done).toContain('swapVoter'))
    node.post({ kind: 'page', event: 'closes' })
    await eventually(() => expect(first.done).toHaveLength(3))
    expect(first.done).toEqual(['swapVoter', 'goodbye', expect.stringMatching(/^last words of .*9$/)])
  })

  it('is placed anew, as the node it was, with its room’s controls and the key of today, when its worker answers no more', async () => {
    const { clock, node, first, workers } = setUp()
    first.open()
    await node.opened
    first.tell({ kind: 'identity', id: 'a' })
    first.tell({ kind: 'status', status: { ...NO_NODE, state: 'running', key: 'another' } })
    node.setControls({ pace: 5, cuts: [] })
    await node.change({ kind: 'swapVoter' })
    first.die()
    const unanswered = node.set('never', '1', 100)
    unanswered.catch(() => {})
    for (let second = 0; second < 7; second++) clock.advance(1_000)
    await expect(unanswered).rejects.toMatchObject({ kind: 'Crashed' })
    expect(first.done.at(-1)).toBe('ended')
    await eventually(() => expect(workers[1]?.opened).toHaveLength(1))
    expect(workers[1]?.opened[0]?.room).toMatchObject({ preferredNode: 'a', key: 'another', controls: { pace: 5 } })
    expect(await node.get('x', 'local', 1)).toBe('x local 1')
  })
})
