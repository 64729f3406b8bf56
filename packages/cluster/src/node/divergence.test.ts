/** A machine that is not the same everywhere: whoever differs is noticed, says since when, and stops; the others go on. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SessionTable } from '../clients/sessions.ts'
import { Chronicle, type TestNode, TestRoom } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'
import { firstHouseRules } from '../wire/house-rules.ts'
import { Divergence } from './divergence.ts'
import { stateDigest } from './state-digest.ts'
import { StateHash } from './state-hash.ts'

let room: TestRoom
/** What was shown where uncaught errors are shown. */
let shown: unknown[]

beforeEach(() => {
  shown = []
  vi.spyOn(console, 'error').mockImplementation((error: unknown) => void shown.push(error))
})

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const EVERY = 8

/** Reads its node's own clock, from some command on. */
class Impure extends Chronicle {
  override apply(command: string): number {
    const result = super.apply(command)
    if (command === 'what time is it?') this.lines.push(String(room.clock.now()))
    return result
  }
}

function openImpure(how: 'create' | 'join', digestEveryEntries = EVERY): Promise<TestNode> {
  const machine = new Impure()
  return room.open(how, memoryDevice(), { machine, digestEveryEntries })
}

const failed = ({ cluster }: TestNode): boolean => cluster.status().state === 'failed'

async function writeLines(node: TestNode, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await room.done(room.write(node, `line ${i}`))
}

async function causeOf(node: TestNode): Promise<Divergence> {
  const error: unknown = await node.cluster.propose('after all').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ kind: 'Diverged' })
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Divergence)) throw new Error(`not a divergence: ${cause}`)
  return cause
}

describe('a node whose machine differs from those of a majority', () => {
  for (const impure of ['leader', 'follower'] as const) {
    it(`stops, and the others go on: the ${impure}`, async () => {
      room = new TestRoom({ digestEveryEntries: EVERY })
      const odd = await openImpure(impure === 'leader' ? 'create' : 'join')
      const others = [await room.open(impure === 'leader' ? 'join' : 'create'), await room.open('join')]
      await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'three voters')
      if (impure === 'follower') await room.done(odd.cluster.transferLeadership(others[0]?.id).catch(() => undefined))
      await room.until(() => room.leader() !== undefined, 'a leader')
      const writer = others[0]
      if (writer === undefined) throw new Error('there is one')
      await writeLines(writer, 2 * EVERY)
      expect(room.nodes.some(failed)).toBe(false)

      const asked = await room.done(room.write(writer, 'what time is it?'))
      await writeLines(writer, 2 * EVERY)
      await room.until(() => failed(odd), 'the one that differs stops')
      expect(odd.cluster.status().failure).toBe('Diverged')
      await room.until(() => room.leader(others) !== undefined, 'the others have a leader')
      await writeLines(writer, EVERY)
      expect(others.some(failed)).toBe(false)

      const { agreedAt, index } = await causeOf(odd)
      expect(agreedAt).toBeLessThan(asked.index)
      expect(index).toBeGreaterThanOrEqual(asked.index)
      expect([index - agreedAt, index % EVERY]).toEqual([EVERY, 0])
      expect(shown).toEqual([expect.any(Divergence)])
    })
  }

  it('stops at the very entry, where every one is compared', async () => {
    room = new TestRoom({ digestEveryEntries: 1 })
    const first = await room.open('create')
    const odd = await openImpure('join', 1)
    await room.open('join')
    await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'three voters')
    const { index } = await room.done(room.write(first, 'what time is it?'))
    await room.until(() => failed(odd), 'the one that differs stops')
    expect(await causeOf(odd)).toMatchObject({ index, agreedAt: index - 1 })
  })

  it('stops also as a learner, which has no say in it', async () => {
    room = new TestRoom({ digestEveryEntries: EVERY, autopilot: { maxVoters: 2 } })
    const first = await room.open('create')
    const second = await room.open('join')
    await room.until(() => room.voters() === 2 && room.leader() !== undefined, 'two voters')
    const odd = await openImpure('join')
    await room.until(() => odd.cluster.status().state === 'running', 'a learner')
    await room.done(room.write(first, 'what time is it?'))
    await writeLines(first, EVERY)
    await room.until(() => failed(odd), 'the learner stops')
    expect([first, second].some(failed)).toBe(false)
  })

  it('stops when it is back, if it was away while the others compared theirs', async () => {
    room = new TestRoom({ digestEveryEntries: EVERY })
    const first = await room.open('create')
    await room.open('join')
    const odd = await openImpure('join')
    await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'three voters')
    odd.cluster.crash()
    await room.until(() => room.leader() !== undefined, 'the others have a leader')
    await room.done(room.write(first, 'what time is it?'))
    await writeLines(first, 2 * EVERY)
    await room.done(odd.cluster.restart())
    await room.until(() => failed(odd), 'the one that differs stops')
    expect(odd.cluster.status().failure).toBe('Diverged')
  })
})

describe('where no majority agrees', () => {
  it('the leader’s state holds, once everybody had the time to speak', async () => {
    room = new TestRoom({ digestEveryEntries: EVERY })
    const first = await room.open('create')
    const odd = await openImpure('join')
    await room.until(() => room.voters() === 2 && room.leader() === first, 'two voters')
    await room.done(room.write(first, 'what time is it?'))
    const writes = Array.from({ length: EVERY }, (_, i) => room.write(first, `line ${i}`).catch(() => undefined))
    await room.until(() => failed(odd), 'the other stops')
    expect(failed(first)).toBe(false)
    await room.done(Promise.all(writes))
  })
})

describe('nobody stops', () => {
  it('over a machine that throws: it does so everywhere alike', async () => {
    room = new TestRoom({ digestEveryEntries: 1 })
    await room.settled(3)
    for (let i = 0; i < 5; i++) {
      await expect(room.done(room.write(room.mustLead(), `no ${i}`))).rejects.toMatchObject({ kind: 'Rejected' })
      await room.done(room.write(room.mustLead(), `yes ${i}`))
    }
    await room.pass(5_000)
    expect(room.nodes.filter(failed)).toEqual([])
    const [first, ...rest] = room.nodes.map(({ chronicle }) => chronicle.lines)
    for (const lines of rest) expect(lines).toEqual(first)
  })

  it('over a machine that cannot be compared, nor where comparing is off', async () => {
    for (const digestEveryEntries of [EVERY, 0]) {
      room = new TestRoom({ digestEveryEntries })
      const first = await room.open('create')
      const machine = new Impure()
      if (digestEveryEntries > 0) Object.assign(machine, { comparable: () => undefined })
      await room.open('join', memoryDevice(), { machine })
      await room.open('join')
      await room.until(() => room.voters() === 3 && room.leader() !== undefined, 'three voters')
      await room.done(room.write(first, 'what time is it?'))
      await writeLines(first, 2 * EVERY)
      await room.pass(5_000)
      expect(room.nodes.filter(failed)).toEqual([])
    }
  })

  it('over a node that began with a snapshot', async () => {
    room = new TestRoom({ digestEveryEntries: EVERY, raft: { snapshotThresholdEntries: 5, maxCatchUpBytes: 1 } })
    await room.settled(2)
    await writeLines(room.mustLead(), 40)
    const late = await room.open('join')
    await room.until(() => room.voters() === 3, 'a third voter')
    await writeLines(room.mustLead(), 3 * EVERY)
    await room.pass(5_000)
    expect(late.cluster.status().snapshotIndex).toBeGreaterThan(0)
    expect(room.nodes.filter(failed)).toEqual([])
  })
})

describe('a digest', () => {
  const machine = Uint8Array.of(1, 2, 3)
  const tableOf = (...ids: number[]): SessionTable => {
    const table = new SessionTable()
    for (const id of ids) table.open(id)
    return table
  }
  const digest = (sessions: SessionTable, bytes = machine): string =>
    stateDigest({ rules: firstHouseRules, sessions, machine: bytes })

  beforeEach(() => {
    room = new TestRoom()
  })

  it('is another where sessions expire in another order', () => {
    expect(digest(tableOf(3, 7))).toBe(digest(tableOf(3, 7)))
    expect(digest(tableOf(3, 7))).not.toBe(digest(tableOf(7, 3)))
    const used = tableOf(3, 7)
    used.begin(3, 1, 1)
    expect(digest(used)).not.toBe(digest(tableOf(3, 7)))
  })

  it('is another where a command is answered that was not, or the machine differs by a bit anywhere', () => {
    const answered = tableOf(3)
    answered.remember(3, 1, { index: 9, term: 1, result: Uint8Array.of(0) })
    expect(digest(answered)).not.toBe(digest(tableOf(3)))
    const seen = new Set<string>()
    const bytes = new Uint8Array(67)
    for (let bit = -1; bit < 8 * bytes.length; bit++) {
      const changed = bytes.slice()
      if (bit >= 0) changed[bit >> 3] = 1 << (bit & 7)
      seen.add(digest(tableOf(), changed))
    }
    expect(seen.size).toBe(8 * bytes.length + 1)
  })

  it('tells lengths apart', () => {
    const digests = Array.from({ length: 20 }, (_, length) => {
      const hash = new StateHash()
      hash.bytes(new Uint8Array(length))
      return hash.digest()
    })
    expect(new Set(digests).size).toBe(20)
  })
})
