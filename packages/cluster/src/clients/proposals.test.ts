/** A client and its requests, with the other nodes played by the test. */
import type { NodeId, Outcome } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import type { ClusterError } from '../api.ts'
import { manualClock } from '../time/manual-clock.ts'
import { decodeEnvelope, type SessionCommand } from '../wire/command.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { proposalsIn } from './proposal-frames.ts'
import { Proposals } from './proposals.ts'
import { Requests } from './requests.ts'
import { SESSION_WINDOW } from './sessions.ts'

interface Sent {
  readonly to: NodeId
  readonly request: number
  readonly kind: string
  readonly command: SessionCommand | undefined
}

function client({ member = true, leader = 'L', peers = ['L', 'M'] } = {}) {
  const clock = manualClock()
  const room: { leader: NodeId | undefined; outcome: Outcome | undefined } = { leader, outcome: undefined }
  const sent: Sent[] = []
  const frames: string[] = []
  const up = new Set<NodeId>(peers)
  const requests = new Requests({
    firstId: 1,
    clock,
    retryAfterMs: 1_000,
    backOffMs: 100,
    propose: () => room.outcome ?? { kind: 'NotLeader', leader: room.leader },
    proposeAll: () => ({ kind: 'NotLeader', leader: room.leader }),
    send: (to, frame) => {
      frames.push(frame.kind)
      for (const { request, data } of proposalsIn(frame)) {
        const decoded = decodeEnvelope(data)
        if (!decoded.ok) throw new Error(decoded.error.message)
        const command = decoded.value.kind === 'command' ? decoded.value : undefined
        sent.push({ to, request, kind: decoded.value.kind, command })
      }
    },
    peers: () => up,
    isMember: () => member,
  })
  const proposals = new Proposals(clock, requests)
  const outcomes: string[] = []
  const propose = (timeoutMs = 10_000): void => {
    proposals.propose(new Uint8Array(1), timeoutMs).then(
      ({ index }) => outcomes.push(`applied at ${index}`),
      ({ kind }: ClusterError) => outcomes.push(kind),
    )
  }
  /** The newest request sent. */
  const last = (): Sent => {
    const newest = sent.at(-1)
    if (newest === undefined) throw new Error('nothing was sent')
    return newest
  }
  const answer = (to: Sent, reply: ProposeAnswer): void => requests.answered(to.to, to.request, reply)
  const applied = (index: number): ProposeAnswer => ({ kind: 'applied', index, term: 2, result: new Uint8Array() })
  /** Lets the promises settle. */
  const told = async (): Promise<string[]> => {
    for (let i = 0; i < 5; i++) await Promise.resolve()
    return outcomes.splice(0)
  }
  return { clock, room, sent, frames, up, requests, proposals, propose, last, answer, applied, told }
}

/** A client with session 7. */
function opened() {
  const it = client()
  it.propose()
  it.answer(it.last(), it.applied(7))
  it.answer(it.last(), it.applied(8))
  it.sent.length = 0
  return it
}

describe('a client', () => {
  it('opens a session with its first command, and has the index of that entry for its name', async () => {
    const { propose, last, answer, applied, told, sent } = client()
    propose()
    propose()
    expect(sent.map(({ kind }) => kind)).toEqual(['open'])
    answer(last(), applied(7))
    expect(sent.slice(1).map(({ command }) => [command?.session, command?.sequence, command?.firstUnanswered])).toEqual(
      [
        [7, 1, 1],
        [7, 2, 1],
      ],
    )
    answer(last(), applied(9))
    expect(await told()).toEqual(['applied at 9'])
  })

  it('says with each command which answers it has, and keeps to the window that the session remembers', async () => {
    const { propose, sent, answer, applied, told } = opened()
    for (let i = 0; i < SESSION_WINDOW + 10; i++) propose()
    expect(sent).toHaveLength(SESSION_WINDOW)
    const [first, second] = sent
    if (first === undefined || second === undefined) throw new Error('nothing was sent')
    answer(second, applied(21))
    expect(sent).toHaveLength(SESSION_WINDOW)
    answer(first, applied(20))
    expect(sent).toHaveLength(SESSION_WINDOW + 2)
    expect(sent.at(-1)?.command?.firstUnanswered).toBe(first.command === undefined ? 0 : first.command.sequence + 2)
    expect(await told()).toEqual(['applied at 8', 'applied at 21', 'applied at 20'])
  })

  it('sends what is proposed in one call in one frame, and what has no answer again by itself', async () => {
    const { proposals, sent, frames, clock, answer, applied } = opened()
    frames.length = 0
    const answers = proposals.proposeAll(
      [1, 2, 3].map(length => new Uint8Array(length)),
      10_000,
    )
    expect(frames).toEqual(['proposeAll'])
    expect(sent.map(({ command }) => command?.command.byteLength)).toEqual([1, 2, 3])
    const [first, second, third] = sent
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were sent')
    answer(first, applied(21))
    answer(third, applied(23))
    clock.advance(1_000)
    expect(frames).toEqual(['proposeAll', 'propose'])
    expect(sent.at(-1)).toEqual(second)
    answer(second, { kind: 'sessionExpired' })
    const outcomes = await Promise.allSettled(answers)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('sends a command again as it was: when no answer comes, when leaders change, when nobody knows', async () => {
    const { propose, sent, clock, requests, last, answer, applied, told } = opened()
    propose()
    clock.advance(1_000)
    requests.leaderChanged()
    answer(last(), { kind: 'unknown' })
    clock.advance(100)
    expect(sent).toHaveLength(4)
    expect(new Set(sent.map(({ request, command }) => `${request} ${command?.sequence}`)).size).toBe(1)
    answer(last(), applied(30))
    answer(last(), applied(31))
    expect(await told()).toEqual(['applied at 8', 'applied at 30'])
  })

  it('takes the answer from its own log, if that is quicker', async () => {
    const { propose, proposals, last, applied, told, answer } = opened()
    propose()
    const { command } = last()
    proposals.applied(7, command?.sequence ?? 0, applied(12))
    answer(last(), applied(99))
    expect(await told()).toEqual(['applied at 8', 'applied at 12'])
  })

  it('opens another session when its own has ended, and sends again what cannot have been applied', async () => {
    const { propose, last, answer, applied, told, sent } = opened()
    propose()
    answer(last(), { kind: 'sessionExpired' })
    expect(last().kind).toBe('open')
    answer(last(), applied(40))
    expect(last().command?.session).toBe(40)
    answer(last(), applied(41))
    expect(await told()).toEqual(['applied at 8', 'applied at 41'])
    expect(sent).toHaveLength(3)
  })

  it('says SessionExpired, and does not send again, when an earlier copy may have been applied', async () => {
    const { propose, last, answer, clock, told, sent } = opened()
    propose()
    clock.advance(1_000)
    answer(last(), { kind: 'sessionExpired' })
    expect(await told()).toEqual(['applied at 8', 'SessionExpired'])
    expect(sent).toHaveLength(2)
  })

  it('gives up in time, and says whether the command may still commit', async () => {
    const { propose, told, clock, room, proposals } = opened()
    propose(500)
    clock.advance(500)
    room.leader = undefined
    const unsent = proposals.propose(new Uint8Array(1), 500)
    clock.advance(500)
    await expect(unsent).rejects.toMatchObject({ kind: 'Timeout', message: expect.stringContaining('was not sent') })
    expect(await told()).toEqual(['applied at 8', 'Timeout'])
  })

  it('comes back later when the leader is overloaded, and says so when it stays overloaded', async () => {
    const { propose, last, answer, clock, told, sent } = opened()
    propose(250)
    for (let i = 0; i < 3; i++) {
      answer(last(), { kind: 'overloaded' })
      clock.advance(100)
    }
    expect(sent).toHaveLength(3)
    expect(await told()).toEqual(['applied at 8', 'Overloaded'])
  })
})

describe('a request', () => {
  it('waits for a leader, and for a link to it', () => {
    const { propose, sent, room, requests, up } = client({ leader: 'X' })
    propose()
    room.leader = undefined
    requests.leaderChanged()
    expect(sent).toEqual([])
    room.leader = 'X'
    requests.leaderChanged()
    expect(sent).toEqual([])
    up.add('X')
    requests.linkUp()
    expect(sent.map(({ to }) => to)).toEqual(['X'])
  })

  it('of a node that no leader speaks to goes to anybody, and from there to whom they name', () => {
    const { propose, sent, room, answer, last } = client({ member: false, peers: ['M', 'L'] })
    room.leader = undefined
    propose()
    const asked = last().to
    const named = asked === 'M' ? 'L' : 'M'
    answer(last(), { kind: 'notLeader', leader: named })
    expect(sent.map(({ to }) => to)).toEqual([asked, named])
  })

  // It asked the same one each time, and a frozen tab's link stays up.
  it('of a node that no leader speaks to goes to another if nobody answers', () => {
    const { propose, sent, room, clock } = client({ member: false, peers: ['M', 'L'] })
    room.leader = undefined
    propose()
    clock.advance(1_000)
    expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(['M', 'L']))
  })

  it('does not run in circles when two nodes name each other', () => {
    const { propose, sent, room, answer, last, clock } = client({ member: false, peers: ['M', 'L'] })
    room.leader = undefined
    propose()
    for (let answered = 0; answered < sent.length && answered < 50; answered++) {
      answer(last(), { kind: 'notLeader', leader: last().to === 'M' ? 'L' : 'M' })
    }
    expect(sent).toHaveLength(4)
    clock.advance(100)
    expect(sent).toHaveLength(5)
  })
})
