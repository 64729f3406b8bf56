/** A room on its worst day, drawn from a seed: whatever happens, an acknowledged write is there once, on every
 * node, and whoever reads after the acknowledgement sees it. */
import { describe, expect, it } from 'vitest'
import type { ClusterError, ProposalFate } from '../api.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'

interface Write {
  readonly line: string
  outcome: 'pending' | 'acknowledged' | ClusterError['kind']
  readonly fates: ProposalFate[]
}

/** How many seeds, from 1 on. */
const DAYS = 20

/** Park–Miller. */
function generator(seed: number): (below: number) => number {
  let state = seed * 7_919
  return below => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

describe('on a bad day', () => {
  for (let seed = 1; seed <= DAYS; seed++) {
    it(`number ${seed}, nothing acknowledged is lost, applied twice or missed by a later read`, () => badDay(seed))
  }
})

async function badDay(seed: number): Promise<void> {
  const draw = generator(seed)
  const room = new TestRoom({
    raft: { snapshotThresholdEntries: 40 },
    autopilot: { maxVoters: 3 + 2 * draw(2), awayAfterMs: 2_000, deadAfterMs: 8_000 },
  })
  await room.settled(3)
  while (room.nodes.length < 3 + draw(3)) await room.open('join')
  const writes: Write[] = []
  const closed: (() => Promise<TestNode>)[] = []
  const any = (): TestNode | undefined => room.nodes[draw(room.nodes.length)]

  const write = (node: TestNode): void => {
    const note: Write = { line: `write ${writes.length}`, outcome: 'pending', fates: [] }
    writes.push(note)
    node.cluster.propose(note.line, { timeoutMs: 5_000, onFate: fate => void note.fates.push(fate) }).then(
      () => {
        note.outcome = 'acknowledged'
      },
      (error: ClusterError) => {
        note.outcome = error.kind
      },
    )
  }

  const staleReads: string[] = []
  const read = (node: TestNode): void => {
    const before = writes.filter(({ outcome }) => outcome === 'acknowledged').map(({ line }) => line)
    node.cluster
      .read(() => before.filter(line => !node.chronicle.lines.includes(line)), { timeoutMs: 5_000 })
      .then(
        missing => staleReads.push(...missing),
        () => undefined,
      )
  }

  for (let i = 0; i < 150; i++) {
    const node = any()
    if (node === undefined) break
    switch (draw(20)) {
      case 0:
        node.cluster.crash()
        break
      case 1:
      case 2:
        await Promise.all(room.nodes.map(({ cluster }) => (draw(3) > 0 ? cluster.restart() : undefined)))
        break
      case 3: {
        const other = any()
        if (other !== undefined && other !== node) room.cut([node], [other])
        break
      }
      case 4:
        room.heal()
        break
      case 5:
        for (const { faults } of room.nodes) faults.linkDelayMs = draw(4) === 0 ? draw(400) : draw(10)
        break
      case 6:
        node.faults.writeDelayMs = draw(3) === 0 ? draw(300) : 0
        break
      case 7:
        if (closed.length === 0 && room.nodes.length > 3) {
          room.nodes.splice(room.nodes.indexOf(node), 1)
          await room.done(node.cluster.close())
          closed.push(() => room.open('join', node.device))
        }
        break
      case 8:
        for (const reopen of closed.splice(0)) await room.done(reopen())
        break
      case 9:
        node.cluster.resume()
        break
      case 10:
        node.device.crash(node.id)
        break
      case 11:
        if (draw(3) === 0) node.device.failNextWrite('QuotaExceeded')
        break
      case 12:
        node.cluster.goodbye()
        break
      case 13:
        room
          .leader()
          ?.cluster.transferLeadership()
          .catch(() => undefined)
        break
      case 14:
        for (const { cluster } of room.nodes) cluster.setVisible(draw(2) === 0)
        break
      case 15:
        room
          .leader()
          ?.cluster.resign()
          .catch(() => undefined)
        break
      default:
        for (let n = draw(6); n >= 0; n--) write(node)
        read(node)
    }
    await room.pass(draw(3) === 0 ? draw(1_500) : draw(40))
  }

  room.heal()
  for (const { faults } of room.nodes) {
    faults.linkDelayMs = 0
    faults.writeDelayMs = 0
  }
  for (const reopen of closed.splice(0)) await room.done(reopen())
  // A disk that was set to fail does so with its next write, and its node starts once more.
  const allRun = (): boolean => {
    const down = room.nodes.filter(node => !room.running().includes(node))
    for (const { cluster } of down) cluster.restart().catch(() => undefined)
    return down.length === 0
  }
  await room.until(allRun, `day ${seed}: all run`)
  await room.until(() => allRun() && room.leader() !== undefined, `day ${seed}: a leader at the end`)
  const [node] = room.nodes
  if (node === undefined) throw new Error('nobody is left')
  for (let said = false; !said; ) {
    await room.until(allRun, `day ${seed}: all run`)
    said = await room.done(
      room.write(node, 'the end').then(
        () => true,
        () => false,
      ),
    )
  }
  const texts = (): Set<string> => new Set(room.nodes.map(({ chronicle }) => chronicle.lines.join('\n')))
  await room.until(
    () => allRun() && texts().size === 1 && node.chronicle.lines.includes('the end'),
    `day ${seed}: all are equal`,
  )

  await room.until(() => writes.every(({ outcome }) => outcome !== 'pending'), `day ${seed}: all know their fate`)
  await room.until(() => allRun() && texts().size === 1, `day ${seed}: all are equal still`)

  const lines = node.chronicle.lines.filter(line => line !== 'the end')
  expect(new Set(lines).size).toBe(lines.length)
  const lost = writes.filter(({ line, outcome }) => outcome === 'acknowledged' && !lines.includes(line))
  expect(lost).toEqual([])
  expect(staleReads).toEqual([])
  expect(writes.filter(write => !keepsItsWord(write, lines))).toEqual([])
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
}

/** What was told of a write is true in the end: what was committed is there, and what had no effect is not. */
function keepsItsWord({ line, outcome, fates }: Write, lines: readonly string[]): boolean {
  const last = fates.at(-1)
  if (last === undefined) return outcome === 'Crashed' || outcome === 'StorageFailed'
  if (fates.some(({ kind }) => kind === 'committed') && !lines.includes(line)) return false
  if (last.kind === 'applied') return outcome === 'acknowledged'
  if (last.kind !== 'abandoned') return false
  return last.reason === 'Unknown' || !lines.includes(line)
}
