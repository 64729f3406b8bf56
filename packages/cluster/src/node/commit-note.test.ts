import { describe, expect, it } from 'vitest'
import { type Storage, StorageError } from '../storage.ts'
import { manualClock } from '../time/manual-clock.ts'
import { CommitNote } from './commit-note.ts'

/** A storage of which only this is used. */
function disk(commitIndex?: number): { readonly storage: Storage; readonly noted: number[] } {
  const noted: number[] = []
  const state = { currentTerm: 1, votedFor: undefined, snapshot: undefined, entries: [] }
  return {
    noted,
    storage: {
      recovered: {
        identity: { nodeId: 'a', clusterId: undefined },
        ownerEpoch: 1,
        state: commitIndex === undefined ? state : { ...state, commitIndex },
      },
      persist: async () => {},
      noteCommitted: async index => {
        noted.push(index)
      },
      setClusterId: async () => {},
      refound: async () => undefined,
      close: async () => {},
      lost: new Promise(() => {}),
    },
  }
}

describe('the note of what is committed', () => {
  it('is made once for all that is applied within a second', () => {
    const clock = manualClock()
    const { storage, noted } = disk()
    const note = new CommitNote(storage, clock)
    for (let index = 1; index <= 150; index++) {
      note.applied(index)
      clock.advance(10)
    }
    expect(noted).toEqual([100])
    clock.advance(10_000)
    expect(noted).toEqual([100, 150])
  })

  it('is made as soon as nothing more is applied for a tenth of a second', () => {
    const clock = manualClock()
    const { storage, noted } = disk()
    const note = new CommitNote(storage, clock)
    for (const index of [1, 2, 3]) {
      note.applied(index)
      clock.advance(60)
    }
    expect(noted).toEqual([])
    clock.advance(40)
    expect(noted).toEqual([3])
  })

  it('is made at once when the page closes, and not again for what the disk knows', () => {
    const { storage, noted } = disk(7)
    const note = new CommitNote(storage, manualClock())
    note.applied(7)
    note.write()
    expect(noted).toEqual([])
    note.applied(8)
    note.write()
    note.write()
    expect(noted).toEqual([8])
  })

  it('harms nobody when it fails, and is left out where a storage has no place for it', async () => {
    const clock = manualClock()
    const { storage } = disk()
    const failing = { ...storage, noteCommitted: () => Promise.reject(new StorageError('Closed', 'closed')) }
    for (const each of [failing, { ...storage, noteCommitted: undefined }]) {
      const { noteCommitted, ...others } = each
      const note = new CommitNote(noteCommitted === undefined ? others : { ...others, noteCommitted }, clock)
      note.applied(1)
      note.write()
    }
    await Promise.resolve()
  })
})
