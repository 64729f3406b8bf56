import { describe, expect, it } from 'vitest'
import { roomOnDisk } from './room-on-disk.ts'

describe('a room on this disk', () => {
  it('has its own name without a secret, and another for each secret', async () => {
    expect(await roomOnDisk({ room: 'todos' })).toBe('todos')
    const names = await Promise.all(['A', 'Q'].map(each => roomOnDisk({ room: 'todos', secret: each.repeat(22) })))
    expect(new Set(['todos', ...names]).size).toBe(3)
  })

  it.each(['', 'a/b', '../x', 'x'.repeat(65), 'naïve'])('is none by the name of “%s”', async room => {
    await expect(roomOnDisk({ room })).rejects.toMatchObject({ kind: 'InvalidRoom' })
  })

  it.each(['', 'abc', 'A'.repeat(23), 'ä'.repeat(22)])('is none by the secret “%s”', async secret => {
    await expect(roomOnDisk({ room: 'todos', secret })).rejects.toMatchObject({
      name: 'ClusterError',
      kind: 'InvalidOptions',
      message: expect.stringContaining('secret'),
    })
  })
})
