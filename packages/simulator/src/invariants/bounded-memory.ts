/**
 * 23. Memory is bounded: what is under way to one follower, in messages and in bytes; what one message carries; and what a
 * leader takes from clients before it can commit.
 *
 * Payloads are counted as clients wrote them. What core adds for each entry only makes it stricter.
 */
import type { Entry, RaftOptions } from '@flotilla/core'
import type { InvariantFactory } from './invariant.ts'
import { payloadBytes } from './shadow-log.ts'

type MemoryBounds = Pick<
  RaftOptions,
  | 'maxEntriesPerMessage'
  | 'maxBytesPerMessage'
  | 'maxInflightMessages'
  | 'maxInflightBytes'
  | 'maxUncommittedBytes'
  | 'snapshotChunkBytes'
>

export const boundedMemory =
  (bounds: Partial<MemoryBounds>): InvariantFactory =>
  (_ghost, report) => {
    const {
      maxEntriesPerMessage = Number.POSITIVE_INFINITY,
      maxBytesPerMessage = Number.POSITIVE_INFINITY,
      maxInflightMessages = Number.POSITIVE_INFINITY,
      maxInflightBytes = Number.POSITIVE_INFINITY,
      maxUncommittedBytes = Number.POSITIVE_INFINITY,
      snapshotChunkBytes = Number.POSITIVE_INFINITY,
    } = bounds
    /** A single entry may be larger than any bound: it still goes, alone. */
    let largest = 0

    return {
      number: 23,
      name: 'Bounded Memory',
      appending(node, entry) {
        const bytes = payloadBytes(entry)
        if (bytes > largest) largest = bytes
        const { status } = node
        if (entry.kind !== 'command' || status?.role !== 'leader' || status.currentTerm !== entry.term) return
        // What has been committed by now may have been so when this one was taken.
        const waiting = node.log.bytesBetween(status.commitIndex, node.log.last)
        if (waiting > maxUncommittedBytes) {
          report(`${node.id} takes entry ${entry.index} while ${waiting} bytes wait; ${maxUncommittedBytes} may`)
        }
      },
      stepped({ id, status, log }) {
        if (status?.role !== 'leader') return
        const most = maxInflightBytes + Math.max(maxBytesPerMessage, largest)
        for (const { id: to, state, matchIndex, nextIndex, inflightMessages } of status.followers) {
          if (inflightMessages > maxInflightMessages) {
            report(`${id} has ${inflightMessages} messages under way to ${to}; ${maxInflightMessages} may be`)
          }
          if (state !== 'replicate' || inflightMessages === 0) continue
          const bytes = log.bytesBetween(matchIndex, nextIndex - 1)
          if (bytes > most) report(`${id} has ${bytes} bytes under way to ${to}; ${most} may be`)
        }
      },
      sent(node, message) {
        const tooMuch = (what: number, bound: number, unit: string): void =>
          report(`${node.id} sends ${what} ${unit} to ${message.to} at once; the bound is ${bound}`)
        if (message.type === 'InstallSnapshot') {
          if (message.data.length > snapshotChunkBytes) tooMuch(message.data.length, snapshotChunkBytes, 'bytes')
        } else if (message.type === 'AppendEntries' && message.entries.length > 1) {
          const { entries } = message
          if (entries.length > maxEntriesPerMessage) tooMuch(entries.length, maxEntriesPerMessage, 'entries')
          const bytes = total(entries)
          if (bytes > maxBytesPerMessage) tooMuch(bytes, maxBytesPerMessage, 'bytes')
        }
      },
    }
  }

function total(entries: readonly Entry[]): number {
  let sum = 0
  for (const entry of entries) sum += payloadBytes(entry)
  return sum
}
