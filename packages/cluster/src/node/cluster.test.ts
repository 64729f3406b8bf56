import { afterEach, describe, expect, it } from 'vitest'
import type { ProposalFate } from '../api.ts'
import { type TestNode, TestRoom } from '../fixtures/room.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const numbered = (count: number, prefix = 'line'): string[] => Array.from({ length: count }, (_, i) => `${prefix} ${i}`)
const logOf = ({ chronicle }: TestNode): readonly string[] => chronicle.lines

describe('a room of three', () => {
  it('elects one leader, and all agree on it', async () => {
    room = new TestRoom()
    await room.settled(3)
    expect(room.nodes.map(({ cluster }) => cluster.status().name)).toEqual(['S1', 'S2', 'S3'])
    expect(room.nodes.filter(({ cluster }) => cluster.status().role === 'leader')).toHaveLength(1)
  })

  it('commits a hundred writes of a follower in the same order everywhere', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [follower] = room.followers()
    if (follower === undefined) throw new Error('no follower')
    const lines = numbered(100)
    const answers = await room.done(Promise.all(lines.map(line => room.write(follower, line))))
    expect(answers.map(({ result }) => result)).toEqual(lines.map((_, i) => i + 1))
    await room.until(() => room.nodes.every(node => logOf(node).length === 100), 'all have applied them')
    for (const node of room.nodes) expect(logOf(node)).toEqual(lines)
  })

  it('commits what is proposed in one call in its order, at the leader and at a follower, each with its own fate', async () => {
    room = new TestRoom()
    await room.settled(3)
    const [follower] = room.followers()
    if (follower === undefined) throw new Error('no follower')
    for (const node of [room.mustLead(), follower]) {
      await room.until(() => room.nodes.every(other => logOf(other).length === logOf(node).length), 'all are as far')
      const before = logOf(node).length
      const lines = numbered(1_500, node.id).map((line, i) => (i === 700 ? 'no thanks' : line))
      const fates: string[] = []
      const onFate = ({ kind }: ProposalFate, place: number): void => void (place === 1_400 && fates.push(kind))
      const results = await room.done(node.cluster.proposeAll(lines, { onFate }))
      expect(results).toHaveLength(lines.length)
      expect(results[700]).toMatchObject({ status: 'rejected', reason: { kind: 'Rejected' } })
      expect(results[0]).toMatchObject({ status: 'fulfilled', value: { result: before + 1 } })
      expect(results.at(-1)).toMatchObject({ status: 'fulfilled', value: { result: before + 1_499 } })
      expect(fates).toEqual(['queued', 'appended', 'committed', 'applied'])
      expect(logOf(node).slice(before)).toEqual(lines.filter((_, i) => i !== 700))
    }
    await room.until(() => room.nodes.every(node => logOf(node).length === 2_998), 'all have applied them')
  })

  it('proposes none of many of which one is too large', async () => {
    room = new TestRoom()
    await room.settled(1)
    const [only] = room.nodes
    if (only === undefined) throw new Error('a room of one')
    const large = 'x'.repeat(2 ** 20)
    await expect(only.cluster.proposeAll(['a', large])).rejects.toMatchObject({ kind: 'TooLarge' })
    expect(await room.done(only.cluster.proposeAll([]))).toEqual([])
    await room.done(room.write(only, 'after'))
    expect(logOf(only)).toEqual(['after'])
  })

  it('reads at any node what was acknowledged at any other', async () => {
    room = new TestRoom()
    await room.settled(3)
    for (const [i, writer] of room.nodes.entries()) {
      await room.done(room.write(writer, `from ${i}`))
      for (const reader of room.nodes) {
        expect(await room.done(reader.cluster.read(() => reader.chronicle.lines.at(-1)))).toBe(`from ${i}`)
      }
    }
  })

  it('rejects everywhere what the machine refuses', async () => {
    room = new TestRoom()
    await room.settled(3)
    for (const node of room.nodes) {
      await expect(room.done(room.write(node, 'no thanks'))).rejects.toMatchObject({
        kind: 'Rejected',
        message: 'refused: no thanks',
      })
    }
    expect(room.nodes.map(logOf)).toEqual([[], [], []])
  })
})
