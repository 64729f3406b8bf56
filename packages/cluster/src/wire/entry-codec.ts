/**
 * One entry of the log as bytes. Inside AppendEntries, index and term are told by what stands before (`message-codec.ts`);
 * on its own, as storages keep it, an entry begins with a version, its index and its term.
 *
 *   kind (1 command, 2 noop, 3 configuration) · command: length · data | configuration: as `configuration-codec.ts` has it
 */
import type { Entry } from '@flotilla/core'
import { readConfiguration, writeConfiguration } from './configuration-codec.ts'
import type { Decoded } from './frame.ts'
import { MAX_ENTRY_DATA_BYTES, MAX_INTEGER, MAX_TERM } from './limits.ts'
import { Reader, refused } from './reader.ts'
import { scratch, type Writer } from './writer.ts'

const VERSION = 2

const COMMAND = 1
const NOOP = 2
const CONFIGURATION = 3

/** For storages: an entry on its own. @throws RangeError for one that no log can hold. */
export function encodeEntry(entry: Entry): Uint8Array {
  const writer = scratch.restart()
  writer.byte(VERSION)
  writer.uint(entry.index, 1, MAX_INTEGER, 'index of an entry')
  writer.uint(entry.term, 1, MAX_TERM, 'term of an entry')
  writePayload(writer, entry)
  return writer.finish()
}

/** A command's data is a view of `bytes`. */
export function decodeEntry(bytes: Uint8Array): Decoded<Entry> {
  try {
    const reader = new Reader(bytes)
    const version = reader.byte('the version')
    if (version !== VERSION) throw reader.fault('UnknownVersion', `version ${version} of an entry`, 0)
    const index = reader.uint(1, MAX_INTEGER, 'index of an entry')
    const term = reader.uint(1, MAX_TERM, 'term of an entry')
    const value = readPayload(reader, index, term)
    reader.end()
    return { ok: true, value }
  } catch (caught) {
    return refused(caught)
  }
}

export function writePayload(writer: Writer, entry: Entry): void {
  switch (entry.kind) {
    case 'command':
      writer.byte(COMMAND)
      writer.data(entry.data, MAX_ENTRY_DATA_BYTES, 'length of a command')
      return
    case 'noop':
      writer.byte(NOOP)
      return
    case 'configuration':
      writer.byte(CONFIGURATION)
      writeConfiguration(writer, entry.data)
      return
    default:
      entry satisfies never
  }
}

export function readPayload(reader: Reader, index: number, term: number): Entry {
  const kind = reader.byte('the kind of an entry')
  switch (kind) {
    case COMMAND:
      return { index, term, kind: 'command', data: reader.data(MAX_ENTRY_DATA_BYTES, 'a command') }
    case NOOP:
      return { index, term, kind: 'noop', data: null }
    case CONFIGURATION:
      return { index, term, kind: 'configuration', data: readConfiguration(reader) }
    default:
      throw reader.fault('UnknownType', `kind ${kind} of an entry`, reader.offset - 1)
  }
}
