/** No message that core sends is longer than a frame, and what core counts an entry as is no less than what it takes. */
import {
  type Configuration,
  configurationBytes,
  type Entry,
  emptyState,
  entryBytes,
  MAX_EXPELLED,
  type Message,
  Raft,
  type RaftOptions,
} from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRaftOptions } from '../node/raft-options.ts'
import { MAX_FRAME_BYTES } from '../transport.ts'
import { encodeFrame } from './codec.ts'
import { encodeConfiguration } from './configuration-codec.ts'
import { encodeEntry } from './entry-codec.ts'
import { configuration, entry, message } from './fixtures/arbitrary-frames.ts'
import {
  MAX_BYTES_PER_MESSAGE,
  MAX_CONFIGURATION_BYTES,
  MAX_ENTRIES_PER_FRAME,
  MAX_ENTRY_DATA_BYTES,
  MAX_INTEGER,
  MAX_LISTED_MEMBERS,
  MAX_SNAPSHOT_BYTES,
  MAX_SNAPSHOT_CHUNK_BYTES,
  MAX_TERM,
} from './limits.ts'

/** Less than the room that the limits leave beside what core counts. */
const FRAME_OVERHEAD_BYTES = 100

const frameBytes = (sent: Message): number =>
  encodeFrame({
    clusterId: '0123456789abcdef'.repeat(2),
    body: { kind: 'raft', sequence: MAX_INTEGER, message: sent },
  }).byteLength

/** Everyone has the longest id, and nobody who votes has voted before. */
const largest: Configuration = {
  members: Array.from({ length: MAX_LISTED_MEMBERS }, (_, i) => ({
    id: `new${i}`.padEnd(64, '-'),
    name: `S${MAX_INTEGER - MAX_LISTED_MEMBERS + i}`,
  })),
  voters: Array.from({ length: MAX_LISTED_MEMBERS }, (_, i) => `new${i}`.padEnd(64, '-')),
  oldVoters: Array.from({ length: MAX_LISTED_MEMBERS }, (_, i) => `old${i}`.padEnd(64, '-')),
  namesGiven: MAX_INTEGER,
  expelled: Array.from({ length: MAX_EXPELLED }, (_, i) => `out${i}`.padEnd(64, '-')),
}

describe('what core counts', () => {
  test('an entry takes no more on disk, beside its place, than core counts it as', () => {
    const placeBytes = 10
    fc.assert(fc.property(entry, kept => encodeEntry(kept).byteLength <= entryBytes(kept) + placeBytes))
  })

  test('a configuration takes no more than core counts it as', () => {
    fc.assert(fc.property(configuration, kept => encodeConfiguration(kept).byteLength <= configurationBytes(kept)))
    expect(encodeConfiguration(largest).byteLength).toBeLessThanOrEqual(MAX_CONFIGURATION_BYTES)
  })

  test('a message takes no more, beside a frame of its own, than what core counts its content as', () => {
    fc.assert(
      fc.property(message, sent => {
        let bytes = FRAME_OVERHEAD_BYTES
        if (sent.type === 'AppendEntries') for (const carried of sent.entries) bytes += entryBytes(carried)
        if (sent.type === 'InstallSnapshot') bytes += sent.data.byteLength + configurationBytes(sent.configuration)
        return frameBytes(sent) <= bytes
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the longest messages that options allow', () => {
  const append = (entries: readonly Entry[]): Message => ({
    type: 'AppendEntries',
    from: 'S1',
    to: 'S2',
    term: MAX_TERM,
    prevLogIndex: MAX_INTEGER - MAX_ENTRIES_PER_FRAME,
    prevLogTerm: 1,
    entries,
    leaderCommit: MAX_INTEGER,
    round: MAX_INTEGER,
  })
  const index = MAX_INTEGER - MAX_ENTRIES_PER_FRAME + 1

  test('one command as long as any may be fits into a frame', () => {
    const data = new Uint8Array(MAX_ENTRY_DATA_BYTES)
    expect(frameBytes(append([{ index, term: MAX_TERM, kind: 'command', data }]))).toBeLessThanOrEqual(MAX_FRAME_BYTES)
  })

  test('as many entries as any message may have fit into a frame', () => {
    const entries = Array.from({ length: MAX_ENTRIES_PER_FRAME }, (_, i): Entry => {
      return { index: index + i, term: MAX_TERM, kind: 'noop', data: null }
    })
    expect(frameBytes(append(entries))).toBeLessThanOrEqual(MAX_FRAME_BYTES)
  })

  test('the longest chunk fits into a frame, beside the largest configuration', () => {
    const chunk: Message = {
      type: 'InstallSnapshot',
      from: 'S1',
      to: 'S2',
      term: MAX_TERM,
      lastIncludedIndex: MAX_INTEGER,
      lastIncludedTerm: MAX_TERM,
      configuration: largest,
      offset: MAX_SNAPSHOT_BYTES - MAX_SNAPSHOT_CHUNK_BYTES,
      data: new Uint8Array(MAX_SNAPSHOT_CHUNK_BYTES),
      totalBytes: MAX_SNAPSHOT_BYTES,
      round: MAX_INTEGER,
    }
    expect(frameBytes(chunk)).toBeLessThanOrEqual(MAX_FRAME_BYTES)
  })

  test('options that allow longer ones are refused', () => {
    const most = {
      maxEntriesPerMessage: MAX_ENTRIES_PER_FRAME,
      maxBytesPerMessage: MAX_BYTES_PER_MESSAGE,
      snapshotChunkBytes: MAX_SNAPSHOT_CHUNK_BYTES,
    } satisfies Partial<RaftOptions>
    expect(checkRaftOptions(most)).toMatchObject(most)
    for (const [name, value] of Object.entries(most)) {
      expect(() => checkRaftOptions({ [name]: value + 1 })).toThrow(`${name} must be from 1 to ${value}`)
    }
  })
})

test('1,001 configurations of 63 members did not make one message that no frame can hold', () => {
  const ids = Array.from({ length: 63 }, (_, i) => `node-${i}-`.padEnd(36, '0123456789abcdef'))
  const [self = '', behind = ''] = ids
  const members = ids.map((id, i) => ({ id, name: `S${i + 1}` }))
  const entries = Array.from({ length: 1001 }, (_, i): Entry => {
    const data: Configuration = { members, voters: [self], oldVoters: [], namesGiven: 63 + i, expelled: [] }
    return { index: i + 1, term: 1, kind: 'configuration', data }
  })
  const leader = new Raft({
    id: self,
    now: 0,
    random: () => 0,
    recovered: { ...emptyState, currentTerm: 1, entries },
    options: checkRaftOptions(),
  })
  const sent: Message[] = []
  let now = 0
  const settle = (): void => {
    for (let output = leader.drain(); output !== undefined; output = leader.drain()) {
      sent.push(...output.sendNow)
      if (output.persist !== undefined) leader.step({ type: 'persisted', token: output.persist.token }, now)
    }
  }
  now = leader.deadline
  leader.step({ type: 'tick' }, now)
  settle()
  expect(leader.status().role).toBe('leader')
  leader.receive(
    {
      type: 'AppendEntriesResult',
      from: behind,
      to: self,
      term: 2,
      success: false,
      rejectedIndex: 1001,
      hintIndex: 0,
      hintTerm: 0,
      round: 2,
    },
    now,
  )
  settle()
  leader.receive(
    { type: 'AppendEntriesResult', from: behind, to: self, term: 2, success: true, matchIndex: 1, round: 2 },
    now,
  )
  settle()
  const carried = sent.filter(({ to }) => to === behind).flatMap(m => (m.type === 'AppendEntries' ? m.entries : []))
  expect(carried.length).toBeGreaterThan(100)
  for (const one of sent) expect(frameBytes(one)).toBeLessThanOrEqual(MAX_FRAME_BYTES)
})
