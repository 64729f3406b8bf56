import { afterEach, describe, expect, it } from 'vitest'
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
