/** A core that keeps to other bounds than it was given is caught on ordinary bad days. */
import { Raft, type RaftOptions } from '@flotilla/core'
import { expect, test } from 'vitest'
import { simulate } from '../driver/run.ts'

const tight: Partial<RaftOptions> = {
  maxEntriesPerMessage: 2,
  maxBytesPerMessage: 64,
  maxInflightMessages: 2,
  maxInflightBytes: 100,
  maxUncommittedBytes: 200,
  snapshotChunkBytes: 7,
}

for (const name of [
  'maxEntriesPerMessage',
  'maxBytesPerMessage',
  'maxInflightMessages',
  'maxInflightBytes',
  'maxUncommittedBytes',
  'snapshotChunkBytes',
] as const) {
  test(`a core that ignores ${name} is caught`, () => {
    // A window of bytes only shows where that of messages is wide.
    const given = name === 'maxInflightBytes' ? { ...tight, maxInflightMessages: 256 } : tight
    let property: string | undefined
    for (let seed = 1; seed < 500 && property === undefined; seed++) {
      const [violation] = simulate(seed, {
        mix: drawn => ({ ...drawn, padding: 30, burst: 0.3, raftOptions: { ...drawn.raftOptions, ...given } }),
        makeRaft: setup => new Raft({ ...setup, options: { ...setup.options, [name]: 1024 * 1024 } }),
      }).violations
      property = violation?.property
    }
    expect(property).toBe('Bounded Memory')
  })
}
