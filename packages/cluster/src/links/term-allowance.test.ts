import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TestRoom } from '../fixtures/room.ts'
import type { Transport } from '../transport.ts'
import { encodeFrame } from '../wire/codec.ts'
import { MAX_TERM } from '../wire/limits.ts'
import { A_SECOND, BURST, NO_ROOM_IS_AHEAD_BY, TermAllowance } from './term-allowance.ts'

describe('how far a peer may raise the term', () => {
  it('is bounded over any time, however it asks', () => {
    const ask = fc.record({ by: fc.integer({ min: 1, max: 5 * BURST }), afterMs: fc.integer({ min: 0, max: 60_000 }) })
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 50 }), asks => {
        const allowance = new TermAllowance()
        let now = 0
        let raised = 0
        for (const { by, afterMs } of asks) {
          now += afterMs
          if (allowance.take('peer', by, now) === 'taken') raised += by
          expect(raised).toBeLessThanOrEqual(BURST + (now / 1_000) * A_SECOND)
        }
      }),
    )
  })

  it('a room that is far ahead by right is heard in the end, and hours of elections at once', () => {
    const allowance = new TermAllowance()
    expect(allowance.take('leader', BURST, 0)).toBe('taken')
    const days = 100_000
    let now = 0
    while (allowance.take('leader', days, now) !== 'taken') now += 150
    expect(now).toBeLessThanOrEqual((1_000 * days) / A_SECOND + 150)
  })

  it('is each peer’s own, and what no room reaches is a lie at once', () => {
    const allowance = new TermAllowance()
    expect(allowance.take('a', BURST, 0)).toBe('taken')
    expect(allowance.take('a', 1, 0)).toBe('too soon')
    expect(allowance.take('b', BURST, 0)).toBe('taken')
    expect(allowance.take('c', NO_ROOM_IS_AHEAD_BY, 0)).toBe('a lie')
  })
})

describe('a member that speaks of the last term there is', () => {
  it('is cut off and reported, and the room goes on as before', async () => {
    const room = new TestRoom()
    const ports = new Map<string, Transport>()
    const transport = (name: string): Transport => {
      const inner = room.network.transport(name)
      const open: Transport['open'] = (self, handler) => {
        ports.set(self, inner)
        return inner.open(self, handler)
      }
      return { open, send: inner.send.bind(inner), peers: inner.peers.bind(inner), close: inner.close.bind(inner) }
    }
    for (const how of ['create', 'join', 'join'] as const) await room.open(how, undefined, { transport })
    await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'they agree')
    await room.pass(1_000)
    const leader = room.mustLead()
    const [liar, other] = room.followers()
    if (liar === undefined || other === undefined) throw new Error('two followers')
    const { clusterId = '', term } = leader.cluster.status()
    const forged = encodeFrame({
      clusterId,
      body: {
        kind: 'raft',
        sequence: 1,
        message: {
          type: 'RequestVote',
          from: liar.id,
          to: leader.id,
          term: MAX_TERM,
          lastLogIndex: 0,
          lastLogTerm: 0,
          leadershipTransfer: true,
        },
      },
    })
    for (const { id } of [leader, other]) ports.get(liar.id)?.send(id, forged, 'urgent')
    await room.until(
      () => [leader, other].every(({ cluster }) => cluster.status().ignored.includes(liar.id)),
      'both tell that they do not listen to it',
    )
    await room.pass(10_000)
    expect(leader.cluster.status()).toMatchObject({ role: 'leader', term })
    await room.done(room.write(other, 'goes on'))
    expect(leader.chronicle.lines).toContain('goes on')
    await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
  })
})
