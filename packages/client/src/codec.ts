/**
 * Messages as bytes: a version, a kind, and the fields in order, written and read like frames of the wire. Every decoder
 * treats its bytes as hostile: a page and its worker may be of different versions, and a port may lead to anybody.
 */
import type { Decoded, ProposeAnswer } from '@flotilla/cluster'
import { MAX_COMMAND_BYTES, MAX_INTEGER, MAX_SNAPSHOT_BYTES } from '@flotilla/cluster'
import { Reader, refused, Writer } from '@flotilla/cluster/clients'
import type { NodeId } from '@flotilla/core'
import type { ClientMessage, Control, FollowedEntry, NodeMessage, Said, Seen } from './message.ts'
import { readRefusal, readStatus, writeRefusal, writeStatus } from './status-codec.ts'
import { MAX_TELLING_BYTES } from './watch/telling.ts'

/** 2: a status says why a node failed, and what it waits for. */
export const PROTOCOL_VERSION = 2

/** Of a snapshot in one message. */
export const MAX_CHUNK_BYTES = 256 * 1024
/** Of commands in one message; a single one may be longer than all of these. */
export const MAX_ENTRIES_BYTES = 256 * 1024
const MAX_ENTRIES = 65_536
/** An envelope is its command and a few numbers. */
const MAX_ENVELOPE_BYTES = MAX_COMMAND_BYTES + 64
/** A result and the byte before it. */
const MAX_OUTCOME_BYTES = 256 * 1024 + 1
/** Of what is said and in no log. */
export const MAX_SAID_BYTES = 4 * 1024
/** In one message; the same for those that are gone. */
export const MAX_SAID = 256
const MAX_SEEN = 8_192
/** Two lengths. */
const LEAST_SAID_BYTES = 2
/** Index, term and length, each in a byte. */
const LEAST_ENTRY_BYTES = 3

const clientKinds = [
  'propose',
  'read',
  'follow',
  'status',
  'control',
  'ping',
  'say',
  'hear',
  'watch',
  'see',
  'state',
] as const
const nodeKinds = [
  'answer',
  'readable',
  'entries',
  'chunk',
  'status',
  'controlled',
  'pong',
  'heard',
  'reach',
  'seen',
  'refused',
] as const
const controlKinds = ['resign', 'transferLeadership', 'setVisible', 'forceNewCluster'] as const
const whysRefused = ['carrier', 'closed'] as const
const answerKinds = ['applied', 'notLeader', 'overloaded', 'unknown', 'sessionExpired', 'superseded'] as const

/** A configuration has no more members. */
const MAX_ABANDONED = 1024

const scratch = new Writer()

/** @throws RangeError for what the decoder would not accept. */
export function encodeClientMessage(message: ClientMessage): Uint8Array {
  const writer = begin(clientKinds.indexOf(message.kind))
  switch (message.kind) {
    case 'propose':
      writer.integer(message.request, 'request')
      writer.data(message.data, MAX_ENVELOPE_BYTES, 'an envelope')
      break
    case 'read':
      writer.integer(message.id, 'id')
      break
    case 'follow':
      writer.integer(message.upTo, 'upTo')
      writer.integer(message.snapshot, 'snapshot')
      writer.integer(message.offset, 'offset')
      break
    case 'status':
      break
    case 'control':
      writer.integer(message.id, 'id')
      writeControl(writer, message.control)
      break
    case 'ping':
      writer.integer(message.nonce, 'nonce')
      break
    case 'say':
      writer.data(message.payload, MAX_SAID_BYTES, 'what is said')
      break
    case 'hear':
      break
    case 'watch':
      writer.flag(message.isNew)
      break
    case 'see':
      break
    case 'state':
      writer.integer(message.snapshot, 'snapshot')
      writer.integer(message.offset, 'offset')
      break
    default:
      message satisfies never
  }
  return writer.finish()
}

/** Never throws. Byte strings are views of `bytes`. */
export function decodeClientMessage(bytes: Uint8Array): Decoded<ClientMessage> {
  return decode(bytes, clientKinds, (reader, kind): ClientMessage => {
    switch (kind) {
      case 'propose':
        return { kind, request: reader.integer('request'), data: reader.data(MAX_ENVELOPE_BYTES, 'an envelope') }
      case 'read':
        return { kind, id: reader.integer('id') }
      case 'follow':
        return {
          kind,
          upTo: reader.integer('upTo'),
          snapshot: reader.integer('snapshot'),
          offset: reader.integer('offset'),
        }
      case 'status':
        return { kind }
      case 'control':
        return { kind, id: reader.integer('id'), control: readControl(reader) }
      case 'ping':
        return { kind, nonce: reader.integer('nonce') }
      case 'say':
        return { kind, payload: reader.data(MAX_SAID_BYTES, 'what is said') }
      case 'hear':
        return { kind }
      case 'watch':
        return { kind, isNew: reader.flag('whether it is new') }
      case 'see':
        return { kind }
      case 'state':
        return { kind, snapshot: reader.integer('snapshot'), offset: reader.integer('offset') }
      default:
        return kind satisfies never
    }
  })
}

/** @throws RangeError for what the decoder would not accept. */
export function encodeNodeMessage(message: NodeMessage): Uint8Array {
  const writer = begin(nodeKinds.indexOf(message.kind))
  switch (message.kind) {
    case 'answer':
      writer.integer(message.request, 'request')
      writeAnswer(writer, message.answer)
      break
    case 'reach':
      writer.integer(message.request, 'request')
      writer.flag(message.isElsewhere)
      break
    case 'readable':
      writer.integer(message.id, 'id')
      writer.integer(message.index, 'index')
      break
    case 'entries':
      writer.integer(message.upTo, 'upTo')
      writer.uint(message.entries.length, 0, MAX_ENTRIES, 'number of entries')
      for (const entry of message.entries) writeEntry(writer, entry)
      break
    case 'chunk':
      writer.integer(message.snapshot, 'snapshot')
      writer.uint(message.totalBytes, 0, MAX_SNAPSHOT_BYTES, 'totalBytes')
      writer.uint(message.offset, 0, message.totalBytes, 'offset')
      writer.data(message.data, Math.min(MAX_CHUNK_BYTES, message.totalBytes - message.offset), 'a chunk')
      break
    case 'status':
      writeStatus(writer, message.status)
      break
    case 'controlled':
      writer.integer(message.id, 'id')
      writer.flag(message.refusal !== undefined)
      if (message.refusal !== undefined) writeRefusal(writer, message.refusal)
      break
    case 'pong':
      writer.integer(message.nonce, 'nonce')
      break
    case 'heard':
      writer.uint(message.said.length, 0, MAX_SAID, 'number of sayings')
      for (const { from, payload } of message.said) {
        writer.nodeId(from)
        writer.data(payload, MAX_SAID_BYTES, 'what is said')
      }
      writer.uint(message.gone.length, 0, MAX_SAID, 'number of those who are gone')
      for (const id of message.gone) writer.nodeId(id)
      break
    case 'seen':
      writer.uint(message.seen.length, 0, MAX_SEEN, 'number of tellings')
      for (const { from, telling } of message.seen) {
        writer.nodeId(from)
        writer.data(telling, MAX_TELLING_BYTES, 'a telling')
      }
      break
    case 'refused':
      writer.byte(whysRefused.indexOf(message.why))
      break
    default:
      message satisfies never
  }
  return writer.finish()
}

const ABOUT_NODE: readonly number[] = [nodeKinds.indexOf('status'), nodeKinds.indexOf('refused')]

/** Whether this may be a message about the node itself, for whoever only wants those. */
export const isAboutNode = (bytes: Uint8Array): boolean => ABOUT_NODE.includes(bytes[1] ?? -1)

/** Never throws. Byte strings are views of `bytes`. */
export function decodeNodeMessage(bytes: Uint8Array): Decoded<NodeMessage> {
  return decode(bytes, nodeKinds, (reader, kind): NodeMessage => {
    switch (kind) {
      case 'answer':
        return { kind, request: reader.integer('request'), answer: readAnswer(reader) }
      case 'reach':
        return { kind, request: reader.integer('request'), isElsewhere: reader.flag('whether another node has it') }
      case 'readable':
        return { kind, id: reader.integer('id'), index: reader.integer('index') }
      case 'entries':
        return readEntries(reader)
      case 'chunk': {
        const snapshot = reader.integer('snapshot')
        const totalBytes = reader.uint(0, MAX_SNAPSHOT_BYTES, 'totalBytes')
        const offset = reader.uint(0, totalBytes, 'offset')
        const data = reader.data(Math.min(MAX_CHUNK_BYTES, totalBytes - offset), 'a chunk')
        // One that brings nothing would be asked for again for ever.
        if (data.byteLength === 0 && offset < totalBytes) throw reader.fault('Inconsistent', 'an empty chunk')
        return { kind, snapshot, totalBytes, offset, data }
      }
      case 'status':
        return { kind, status: readStatus(reader) }
      case 'controlled': {
        const id = reader.integer('id')
        return { kind, id, refusal: reader.flag('whether it was refused') ? readRefusal(reader) : undefined }
      }
      case 'pong':
        return { kind, nonce: reader.integer('nonce') }
      case 'heard':
        return readHeard(reader)
      case 'seen':
        return { kind, seen: readSeen(reader) }
      case 'refused':
        return { kind, why: readKind(reader, whysRefused, 'a refusal') }
      default:
        return kind satisfies never
    }
  })
}

function readHeard(reader: Reader): Extract<NodeMessage, { kind: 'heard' }> {
  const said: Said[] = []
  for (let left = reader.count(MAX_SAID, LEAST_SAID_BYTES, 'sayings'); left > 0; left--) {
    said.push({ from: reader.nodeId(), payload: reader.data(MAX_SAID_BYTES, 'what is said') })
  }
  const gone: NodeId[] = []
  for (let left = reader.count(MAX_SAID, 1, 'those who are gone'); left > 0; left--) gone.push(reader.nodeId())
  return { kind: 'heard', said, gone }
}

function readSeen(reader: Reader): readonly Seen[] {
  const seen: Seen[] = []
  for (let left = reader.count(MAX_SEEN, LEAST_SAID_BYTES, 'tellings'); left > 0; left--) {
    seen.push({ from: reader.nodeId(), telling: reader.data(MAX_TELLING_BYTES, 'a telling') })
  }
  return seen
}

function begin(kind: number): Writer {
  const writer = scratch.restart()
  writer.byte(PROTOCOL_VERSION)
  writer.byte(kind)
  return writer
}

function decode<Kind, Message>(
  bytes: Uint8Array,
  kinds: readonly Kind[],
  read: (reader: Reader, kind: Kind) => Message,
): Decoded<Message> {
  try {
    const reader = new Reader(bytes)
    const version = reader.byte('the version')
    if (version !== PROTOCOL_VERSION) throw reader.fault('UnknownVersion', `version ${version} of a message`, 0)
    const value = read(reader, readKind(reader, kinds, 'a message'))
    reader.end()
    return { ok: true, value }
  } catch (caught) {
    return refused(caught)
  }
}

function readKind<Kind>(reader: Reader, kinds: readonly Kind[], what: string): Kind {
  const number = reader.byte(`the kind of ${what}`)
  const kind = kinds[number]
  if (kind === undefined) throw reader.fault('UnknownType', `kind ${number} of ${what}`, reader.offset - 1)
  return kind
}

function writeControl(writer: Writer, control: Control): void {
  writer.byte(controlKinds.indexOf(control.kind))
  if (control.kind === 'transferLeadership') writer.nodeId(control.to)
  if (control.kind === 'setVisible') writer.flag(control.visible)
  if (control.kind === 'forceNewCluster') {
    writer.uint(control.abandon.length, 0, MAX_ABANDONED, 'number of nodes to abandon')
    for (const id of control.abandon) writer.nodeId(id)
  }
}

function readControl(reader: Reader): Control {
  const kind = readKind(reader, controlKinds, 'a control')
  switch (kind) {
    case 'resign':
      return { kind }
    case 'transferLeadership':
      return { kind, to: reader.nodeId() }
    case 'setVisible':
      return { kind, visible: reader.flag('visible') }
    case 'forceNewCluster': {
      const abandon: NodeId[] = []
      for (let left = reader.count(MAX_ABANDONED, 2, 'nodes to abandon'); left > 0; left--)
        abandon.push(reader.nodeId())
      return { kind, abandon }
    }
    default:
      return kind satisfies never
  }
}

function writeAnswer(writer: Writer, answer: ProposeAnswer): void {
  writer.byte(answerKinds.indexOf(answer.kind))
  if (answer.kind === 'applied') {
    writer.uint(answer.index, 1, MAX_INTEGER, 'index')
    writer.term(answer.term)
    writer.data(answer.result, MAX_OUTCOME_BYTES, 'a result')
  }
  if (answer.kind === 'notLeader') {
    writer.flag(answer.leader !== undefined)
    if (answer.leader !== undefined) writer.nodeId(answer.leader)
  }
}

function readAnswer(reader: Reader): ProposeAnswer {
  const kind = readKind(reader, answerKinds, 'an answer')
  switch (kind) {
    case 'applied': {
      const index = reader.uint(1, MAX_INTEGER, 'index')
      return { kind, index, term: reader.term(), result: reader.data(MAX_OUTCOME_BYTES, 'a result') }
    }
    case 'notLeader':
      return { kind, leader: reader.flag('whether the leader is known') ? reader.nodeId() : undefined }
    default:
      return { kind }
  }
}

function writeEntry(writer: Writer, { index, term, command }: FollowedEntry): void {
  writer.uint(index, 1, MAX_INTEGER, 'index')
  writer.term(term)
  writer.data(command, MAX_COMMAND_BYTES, 'a command')
}

function readEntries(reader: Reader): Extract<NodeMessage, { kind: 'entries' }> {
  const upTo = reader.integer('upTo')
  const entries: FollowedEntry[] = []
  let least = 1
  for (let left = reader.count(MAX_ENTRIES, LEAST_ENTRY_BYTES, 'entries'); left > 0; left--) {
    const index = reader.uint(least, Math.max(least, upTo), 'index')
    if (index > upTo) throw reader.fault('Inconsistent', 'an entry after the last')
    entries.push({ index, term: reader.term(), command: reader.data(MAX_COMMAND_BYTES, 'a command') })
    least = index + 1
  }
  return { kind: 'entries', upTo, entries }
}
