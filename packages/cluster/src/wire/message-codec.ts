/**
 * Raft's messages as bytes: a type, the sender's term, and the fields of that type. What every honest sender keeps
 * (`docs/wire-protocol.md`) is checked on both sides, so that core meets no message that breaks a rule of its form.
 *
 * `from` and `to` are not among the bytes: the transport knows who is at the other end, and a sender cannot say otherwise.
 */
import type {
  AppendEntries,
  AppendEntriesResult,
  Entry,
  InstallSnapshot,
  InstallSnapshotResult,
  Message,
  NodeId,
  ReadIndex,
  ReadIndexResult,
  RequestPreVote,
  RequestPreVoteResult,
  RequestVote,
  RequestVoteResult,
  TimeoutNow,
} from '@flotilla/core'
import { readConfiguration, writeConfiguration } from './configuration-codec.ts'
import { readPayload, writePayload } from './entry-codec.ts'
import { MAX_ENTRIES_PER_FRAME, MAX_INTEGER, MAX_SNAPSHOT_BYTES, MAX_TERM } from './limits.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

const REQUEST_PRE_VOTE = 1
const REQUEST_PRE_VOTE_RESULT = 2
const REQUEST_VOTE = 3
const REQUEST_VOTE_RESULT = 4
const APPEND_ENTRIES = 5
const APPEND_ENTRIES_ACCEPTED = 6
const APPEND_ENTRIES_REJECTED = 7
const INSTALL_SNAPSHOT = 8
const INSTALL_SNAPSHOT_RESULT = 9
const TIMEOUT_NOW = 10
const READ_INDEX = 11
const READ_INDEX_RESULT = 12

/** The least an entry takes: its step in terms, and its kind. */
const MIN_ENTRY_BYTES = 2

/** @throws RangeError for a message that no node may send. */
export function writeMessage(writer: Writer, message: Message): void {
  switch (message.type) {
    case 'AppendEntries':
      return writeAppendEntries(writer, message)
    case 'AppendEntriesResult':
      return writeAppendEntriesResult(writer, message)
    case 'RequestPreVote':
      return writeRequestPreVote(writer, message)
    case 'RequestPreVoteResult':
      return writeRequestPreVoteResult(writer, message)
    case 'RequestVote':
      return writeRequestVote(writer, message)
    case 'RequestVoteResult':
      return writeRequestVoteResult(writer, message)
    case 'InstallSnapshot':
      return writeInstallSnapshot(writer, message)
    case 'InstallSnapshotResult':
      return writeInstallSnapshotResult(writer, message)
    case 'TimeoutNow':
      return begin(writer, TIMEOUT_NOW, message)
    case 'ReadIndex':
      return writeReadIndex(writer, message)
    case 'ReadIndexResult':
      return writeReadIndexResult(writer, message)
    default:
      return message satisfies never
  }
}

export function readMessage(reader: Reader, from: NodeId, to: NodeId): Message {
  const type = reader.byte('the type of a message')
  const envelope: Envelope = { from, to, term: 0 }
  if (type >= REQUEST_PRE_VOTE && type <= READ_INDEX_RESULT) envelope.term = reader.term()
  switch (type) {
    case APPEND_ENTRIES:
      return readAppendEntries(reader, envelope)
    case APPEND_ENTRIES_ACCEPTED:
      return readAppendEntriesAccepted(reader, envelope)
    case APPEND_ENTRIES_REJECTED:
      return readAppendEntriesRejected(reader, envelope)
    case REQUEST_PRE_VOTE:
      return readRequestPreVote(reader, envelope)
    case REQUEST_PRE_VOTE_RESULT:
      return readRequestPreVoteResult(reader, envelope)
    case REQUEST_VOTE:
      return readRequestVote(reader, envelope)
    case REQUEST_VOTE_RESULT:
      return readRequestVoteResult(reader, envelope)
    case INSTALL_SNAPSHOT:
      return readInstallSnapshot(reader, envelope)
    case INSTALL_SNAPSHOT_RESULT:
      return readInstallSnapshotResult(reader, envelope)
    case TIMEOUT_NOW:
      return readTimeoutNow(envelope)
    case READ_INDEX:
      return readReadIndex(reader, envelope)
    case READ_INDEX_RESULT:
      return readReadIndexResult(reader, envelope)
    default:
      throw reader.fault('UnknownType', `type ${type} of a message`, reader.offset - 1)
  }
}

interface Envelope {
  readonly from: NodeId
  readonly to: NodeId
  term: number
}

function begin(writer: Writer, type: number, message: Message): void {
  writer.byte(type)
  writer.term(message.term)
}

/** A place in a log: at index 0 the term is 0, and only there. No log has a term that its owner has not reached. */
function writePosition(writer: Writer, index: number, term: number, latest: number, what: string): void {
  writer.integer(index, what)
  writer.uint(term, index === 0 ? 0 : 1, index === 0 ? 0 : latest, `term at ${what}`)
}

function readTermAt(reader: Reader, index: number, latest: number, what: string): number {
  return reader.uint(index === 0 ? 0 : 1, index === 0 ? 0 : latest, what)
}

function writeRequestPreVote(writer: Writer, message: RequestPreVote): void {
  begin(writer, REQUEST_PRE_VOTE, message)
  writer.uint(message.nextTerm, 1, MAX_TERM, 'nextTerm')
  writePosition(writer, message.lastLogIndex, message.lastLogTerm, message.term, 'lastLogIndex')
}

function readRequestPreVote(reader: Reader, { from, to, term }: Envelope): RequestPreVote {
  const nextTerm = reader.uint(1, MAX_TERM, 'nextTerm')
  const lastLogIndex = reader.integer('lastLogIndex')
  const lastLogTerm = readTermAt(reader, lastLogIndex, term, 'lastLogTerm')
  return { type: 'RequestPreVote', from, to, term, nextTerm, lastLogIndex, lastLogTerm }
}

function writeRequestPreVoteResult(writer: Writer, message: RequestPreVoteResult): void {
  begin(writer, REQUEST_PRE_VOTE_RESULT, message)
  writer.uint(message.nextTerm, 1, MAX_TERM, 'nextTerm')
  writer.flag(message.granted)
}

function readRequestPreVoteResult(reader: Reader, { from, to, term }: Envelope): RequestPreVoteResult {
  const nextTerm = reader.uint(1, MAX_TERM, 'nextTerm')
  return { type: 'RequestPreVoteResult', from, to, term, nextTerm, granted: reader.flag('granted') }
}

function writeRequestVote(writer: Writer, message: RequestVote): void {
  begin(writer, REQUEST_VOTE, message)
  writePosition(writer, message.lastLogIndex, message.lastLogTerm, message.term, 'lastLogIndex')
  writer.flag(message.leadershipTransfer)
}

function readRequestVote(reader: Reader, { from, to, term }: Envelope): RequestVote {
  const lastLogIndex = reader.integer('lastLogIndex')
  const lastLogTerm = readTermAt(reader, lastLogIndex, term, 'lastLogTerm')
  const leadershipTransfer = reader.flag('leadershipTransfer')
  return { type: 'RequestVote', from, to, term, lastLogIndex, lastLogTerm, leadershipTransfer }
}

function writeRequestVoteResult(writer: Writer, message: RequestVoteResult): void {
  begin(writer, REQUEST_VOTE_RESULT, message)
  writer.flag(message.granted)
}

function readRequestVoteResult(reader: Reader, { from, to, term }: Envelope): RequestVoteResult {
  return { type: 'RequestVoteResult', from, to, term, granted: reader.flag('granted') }
}

/** Of each entry only the step from the term before it is written: an index out of place or a descending term has no bytes. */
function writeAppendEntries(writer: Writer, message: AppendEntries): void {
  const { term, prevLogIndex, prevLogTerm, entries } = message
  begin(writer, APPEND_ENTRIES, message)
  writePosition(writer, prevLogIndex, prevLogTerm, term, 'prevLogIndex')
  writer.integer(message.leaderCommit, 'leaderCommit')
  writer.integer(message.round, 'round')
  writer.uint(entries.length, 0, MAX_ENTRIES_PER_FRAME, 'number of entries')
  if (entries.length > MAX_INTEGER - prevLogIndex) throw new RangeError('the last index is not exact any more')
  let index = prevLogIndex
  let termBefore = prevLogTerm
  for (const entry of entries) {
    index += 1
    if (entry.index !== index) throw new RangeError(`entry ${entry.index} stands where ${index} belongs`)
    writeTermStep(writer, entry.term, termBefore, term)
    writePayload(writer, entry)
    termBefore = entry.term
  }
}

function readAppendEntries(reader: Reader, { from, to, term }: Envelope): AppendEntries {
  const prevLogIndex = reader.integer('prevLogIndex')
  const prevLogTerm = readTermAt(reader, prevLogIndex, term, 'prevLogTerm')
  const leaderCommit = reader.integer('leaderCommit')
  const round = reader.integer('round')
  const count = reader.count(MAX_ENTRIES_PER_FRAME, MIN_ENTRY_BYTES, 'entries')
  if (count > MAX_INTEGER - prevLogIndex) throw reader.fault('OutOfRange', 'the last index is not exact any more')
  const entries: Entry[] = []
  let termBefore = prevLogTerm
  for (let i = 1; i <= count; i++) {
    termBefore = readTermStep(reader, termBefore, term)
    entries.push(readPayload(reader, prevLogIndex + i, termBefore))
  }
  return { type: 'AppendEntries', from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit, round }
}

/** Terms of a log never descend, begin at 1, and are not beyond their leader's. */
function writeTermStep(writer: Writer, term: number, before: number, latest: number): void {
  if (!Number.isInteger(term)) throw new RangeError(`an entry's term must be an integer, not ${term}`)
  writer.uint(term - before, before === 0 ? 1 : 0, latest - before, 'step to the term of an entry')
}

function readTermStep(reader: Reader, before: number, latest: number): number {
  return before + reader.uint(before === 0 ? 1 : 0, latest - before, 'step to the term of an entry')
}

function writeAppendEntriesResult(writer: Writer, message: AppendEntriesResult): void {
  if (message.success) {
    begin(writer, APPEND_ENTRIES_ACCEPTED, message)
    writer.integer(message.matchIndex, 'matchIndex')
    writer.integer(message.round, 'round')
    return
  }
  begin(writer, APPEND_ENTRIES_REJECTED, message)
  writer.integer(message.rejectedIndex, 'rejectedIndex')
  writePosition(writer, message.hintIndex, message.hintTerm, message.term, 'hintIndex')
  writer.integer(message.round, 'round')
}

function readAppendEntriesAccepted(reader: Reader, { from, to, term }: Envelope): AppendEntriesResult {
  const matchIndex = reader.integer('matchIndex')
  const round = reader.integer('round')
  return { type: 'AppendEntriesResult', from, to, term, success: true, matchIndex, round }
}

function readAppendEntriesRejected(reader: Reader, { from, to, term }: Envelope): AppendEntriesResult {
  const rejectedIndex = reader.integer('rejectedIndex')
  const hintIndex = reader.integer('hintIndex')
  const hintTerm = readTermAt(reader, hintIndex, term, 'hintTerm')
  const round = reader.integer('round')
  return { type: 'AppendEntriesResult', from, to, term, success: false, rejectedIndex, hintIndex, hintTerm, round }
}

function writeInstallSnapshot(writer: Writer, message: InstallSnapshot): void {
  const { term, totalBytes, offset, data } = message
  begin(writer, INSTALL_SNAPSHOT, message)
  writer.uint(message.lastIncludedIndex, 1, MAX_INTEGER, 'lastIncludedIndex')
  writer.uint(message.lastIncludedTerm, 1, term, 'lastIncludedTerm')
  writer.integer(message.round, 'round')
  writer.uint(totalBytes, 0, MAX_SNAPSHOT_BYTES, 'totalBytes')
  writer.uint(offset, 0, totalBytes, 'offset')
  writer.data(data, totalBytes - offset, 'length of a chunk')
  writeConfiguration(writer, message.configuration)
}

function readInstallSnapshot(reader: Reader, { from, to, term }: Envelope): InstallSnapshot {
  const lastIncludedIndex = reader.uint(1, MAX_INTEGER, 'lastIncludedIndex')
  const lastIncludedTerm = reader.uint(1, term, 'lastIncludedTerm')
  const round = reader.integer('round')
  const totalBytes = reader.uint(0, MAX_SNAPSHOT_BYTES, 'totalBytes')
  const offset = reader.uint(0, totalBytes, 'offset')
  const data = reader.data(totalBytes - offset, 'a chunk')
  const configuration = readConfiguration(reader)
  return {
    type: 'InstallSnapshot',
    from,
    to,
    term,
    lastIncludedIndex,
    lastIncludedTerm,
    configuration,
    offset,
    data,
    totalBytes,
    round,
  }
}

function writeInstallSnapshotResult(writer: Writer, message: InstallSnapshotResult): void {
  begin(writer, INSTALL_SNAPSHOT_RESULT, message)
  writer.uint(message.lastIncludedIndex, 1, MAX_INTEGER, 'lastIncludedIndex')
  writer.uint(message.nextOffset, 0, MAX_SNAPSHOT_BYTES, 'nextOffset')
  writer.integer(message.round, 'round')
}

function readInstallSnapshotResult(reader: Reader, { from, to, term }: Envelope): InstallSnapshotResult {
  const lastIncludedIndex = reader.uint(1, MAX_INTEGER, 'lastIncludedIndex')
  const nextOffset = reader.uint(0, MAX_SNAPSHOT_BYTES, 'nextOffset')
  const round = reader.integer('round')
  return { type: 'InstallSnapshotResult', from, to, term, lastIncludedIndex, nextOffset, round }
}

function readTimeoutNow({ from, to, term }: Envelope): TimeoutNow {
  return { type: 'TimeoutNow', from, to, term }
}

function writeReadIndex(writer: Writer, message: ReadIndex): void {
  begin(writer, READ_INDEX, message)
  writer.integer(message.context, 'context')
}

function readReadIndex(reader: Reader, { from, to, term }: Envelope): ReadIndex {
  return { type: 'ReadIndex', from, to, term, context: reader.integer('context') }
}

function writeReadIndexResult(writer: Writer, message: ReadIndexResult): void {
  begin(writer, READ_INDEX_RESULT, message)
  writer.integer(message.context, 'context')
  writer.integer(message.readIndex, 'readIndex')
}

function readReadIndexResult(reader: Reader, { from, to, term }: Envelope): ReadIndexResult {
  const context = reader.integer('context')
  return { type: 'ReadIndexResult', from, to, term, context, readIndex: reader.integer('readIndex') }
}
