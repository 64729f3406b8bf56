/**
 * Frames as bytes, and back (`docs/wire-protocol.md`). Bytes come from a network that anybody may write to: `decodeFrame`
 * never throws, believes no length before it has seen that the bytes are there, and accepts one encoding of each frame only.
 *
 *   version · kind · cluster id (16 bytes) · body
 */
import type { NodeId } from '@flotilla/core'
import { MAX_FRAME_BYTES } from '../transport.ts'
import { readChange, readChangeAnswer, writeChange, writeChangeAnswer } from './change-codec.ts'
import { bytesOfHex, clusterIdBytes, hexOf, readClusterId } from './cluster-id.ts'
import type {
  Decoded,
  Frame,
  FrameBody,
  JoinRefusal,
  Proposal,
  ProposeAllFrame,
  ProposeAnswer,
  ProposeAnswerFrame,
  RaftFrame,
} from './frame.ts'
import {
  MAX_ENTRY_DATA_BYTES,
  MAX_INTEGER,
  MAX_LISTED_MEMBERS,
  MAX_PRIORITY,
  MAX_PROPOSALS_PER_FRAME,
  MAX_TERM,
} from './limits.ts'
import { readMessage, writeMessage } from './message-codec.ts'
import { readNodeIds, writeNodeIds } from './node-ids.ts'
import { Reader, refused } from './reader.ts'
import { scratch, type Writer } from './writer.ts'

/** Raised by every change that an older receiver would misread; a receiver drops frames of a version it does not know. */
export const WIRE_VERSION = 2

const RAFT = 1
const JOIN = 2
const PROPOSE = 3
const PROPOSE_ANSWER = 4
const GOODBYE = 5
const OBSERVE = 6
const MERIT = 7
const JOIN_ANSWER = 8
const CHANGE = 9
const CHANGE_ANSWER = 10
const VOUCH = 11
const PROPOSE_ALL = 12
const GUEST = 13
const DIGEST = 14
const LEFT_BEHIND = 15
const LASTING = 16

const refusals: readonly JoinRefusal[] = ['RoomFull', 'Removed', 'Waiting', 'Refused']

const APPLIED = 1
const NOT_LEADER = 2
const OVERLOADED = 3
const UNKNOWN = 4
const SESSION_EXPIRED = 5
const SUPERSEDED = 6

const DIGEST_BYTES = 8
/** Its number and its length. */
const LEAST_PROPOSAL_BYTES = 2

/**
 * The bytes may share their buffer with other frames: send them, do not transfer or keep them.
 * @throws RangeError for a frame that no node may send: a value out of range, or more than MAX_FRAME_BYTES.
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const writer = scratch.restart()
  writer.byte(WIRE_VERSION)
  writer.byte(kindCode(frame.body))
  writer.raw(clusterIdBytes(frame.clusterId))
  writeBody(writer, frame.body)
  return writer.finishFrame()
}

/**
 * `from` and `to` come from the transport and not from the bytes, so a sender cannot pass for another node.
 * Payloads are views of `bytes`: whoever keeps one keeps the whole frame alive.
 */
export function decodeFrame(bytes: Uint8Array, from: NodeId, to: NodeId): Decoded<Frame> {
  try {
    const reader = new Reader(bytes)
    if (bytes.byteLength > MAX_FRAME_BYTES) throw reader.fault('TooLong', `a frame of ${bytes.byteLength} bytes`)
    const version = reader.byte('the version')
    if (version !== WIRE_VERSION) throw reader.fault('UnknownVersion', `version ${version}`, 0)
    const kind = reader.byte('the kind')
    if (kind < RAFT || kind > LASTING) throw reader.fault('UnknownType', `kind ${kind} of a frame`, 1)
    const clusterId = readClusterId(reader)
    const body = kind === RAFT ? readRaft(reader, from, to) : readBody(reader, kind)
    reader.end()
    return { ok: true, value: { clusterId, body } }
  } catch (caught) {
    return refused(caught)
  }
}

function kindCode(body: FrameBody): number {
  switch (body.kind) {
    case 'raft':
      return RAFT
    case 'join':
      return JOIN
    case 'propose':
      return PROPOSE
    case 'proposeAll':
      return PROPOSE_ALL
    case 'proposeAnswer':
      return PROPOSE_ANSWER
    case 'goodbye':
      return GOODBYE
    case 'observe':
      return OBSERVE
    case 'merit':
      return MERIT
    case 'joinAnswer':
      return JOIN_ANSWER
    case 'change':
      return CHANGE
    case 'changeAnswer':
      return CHANGE_ANSWER
    case 'vouch':
      return VOUCH
    case 'guest':
      return GUEST
    case 'lasting':
      return LASTING
    case 'digest':
      return DIGEST
    case 'leftBehind':
      return LEFT_BEHIND
    default:
      return body satisfies never
  }
}

function writeBody(writer: Writer, body: FrameBody): void {
  switch (body.kind) {
    case 'raft':
      writer.integer(body.sequence, 'sequence')
      return writeMessage(writer, body.message)
    case 'propose':
      return writeProposal(writer, body)
    case 'proposeAll':
      writer.uint(body.proposals.length, 1, MAX_PROPOSALS_PER_FRAME, 'number of proposals')
      for (const proposal of body.proposals) writeProposal(writer, proposal)
      return
    case 'proposeAnswer':
      writer.integer(body.request, 'request')
      return writeAnswer(writer, body.answer)
    case 'observe':
      return writer.data(body.payload, MAX_FRAME_BYTES, 'length of an observation')
    case 'merit':
      writer.uint(body.priority, 0, MAX_PRIORITY, 'priority')
      return writer.flag(body.visible)
    case 'joinAnswer':
      return writer.uint(refusals.indexOf(body.refusal) + 1, 1, refusals.length, 'refusal')
    case 'vouch':
      writer.integer(body.index, 'index')
      return writeNodeIds(writer, body.members, MAX_LISTED_MEMBERS)
    case 'change':
      writer.integer(body.request, 'request')
      writer.flag(body.again)
      return writeChange(writer, body.change)
    case 'changeAnswer':
      writer.integer(body.request, 'request')
      return writeChangeAnswer(writer, body.answer)
    case 'leftBehind':
      return writer.raw(clusterIdBytes(body.former))
    case 'digest':
      writer.uint(body.index, 1, MAX_INTEGER, 'index')
      writer.raw(bytesOfHex(body.digest, DIGEST_BYTES, 'a digest'))
      return writer.flag(body.wantsAnswer)
    case 'join':
    case 'guest':
    case 'lasting':
    case 'goodbye':
      return
    default:
      return body satisfies never
  }
}

function readRaft(reader: Reader, from: NodeId, to: NodeId): RaftFrame {
  const sequence = reader.integer('sequence')
  return { kind: 'raft', sequence, message: readMessage(reader, from, to) }
}

function readBody(reader: Reader, kind: number): FrameBody {
  switch (kind) {
    case JOIN:
      return { kind: 'join' }
    case GUEST:
      return { kind: 'guest' }
    case LASTING:
      return { kind: 'lasting' }
    case GOODBYE:
      return { kind: 'goodbye' }
    case PROPOSE:
      return { kind: 'propose', ...readProposal(reader) }
    case PROPOSE_ALL:
      return readProposeAll(reader)
    case PROPOSE_ANSWER:
      return readProposeAnswer(reader)
    case MERIT:
      return {
        kind: 'merit',
        priority: reader.uint(0, MAX_PRIORITY, 'a priority'),
        visible: reader.flag('whether it is visible'),
      }
    case JOIN_ANSWER:
      return { kind: 'joinAnswer', refusal: refusals[reader.uint(1, refusals.length, 'a refusal') - 1] ?? 'RoomFull' }
    case VOUCH:
      return { kind: 'vouch', index: reader.integer('index'), members: readNodeIds(reader, MAX_LISTED_MEMBERS) }
    case LEFT_BEHIND:
      return { kind: 'leftBehind', former: readClusterId(reader) }
    case DIGEST:
      return {
        kind: 'digest',
        index: reader.uint(1, MAX_INTEGER, 'index'),
        digest: hexOf(reader.raw(DIGEST_BYTES, 'a digest')),
        wantsAnswer: reader.flag('whether an answer is wanted'),
      }
    case CHANGE: {
      const request = reader.integer('request')
      const again = reader.flag('whether it was asked before')
      return { kind: 'change', request, again, change: readChange(reader) }
    }
    case CHANGE_ANSWER: {
      const request = reader.integer('request')
      return { kind: 'changeAnswer', request, answer: readChangeAnswer(reader) }
    }
    default:
      return { kind: 'observe', payload: reader.data(MAX_FRAME_BYTES, 'an observation') }
  }
}

function writeProposal(writer: Writer, { request, data }: Proposal): void {
  writer.integer(request, 'request')
  writer.data(data, MAX_ENTRY_DATA_BYTES, 'length of a proposal')
}

function readProposal(reader: Reader): Proposal {
  const request = reader.integer('request')
  return { request, data: reader.data(MAX_ENTRY_DATA_BYTES, 'a proposal') }
}

function readProposeAll(reader: Reader): ProposeAllFrame {
  const proposals: Proposal[] = []
  let left = reader.count(MAX_PROPOSALS_PER_FRAME, LEAST_PROPOSAL_BYTES, 'proposals')
  if (left === 0) throw reader.fault('OutOfRange', 'no proposals')
  for (; left > 0; left--) proposals.push(readProposal(reader))
  return { kind: 'proposeAll', proposals }
}

function readProposeAnswer(reader: Reader): ProposeAnswerFrame {
  const request = reader.integer('request')
  return { kind: 'proposeAnswer', request, answer: readAnswer(reader) }
}

function writeAnswer(writer: Writer, answer: ProposeAnswer): void {
  switch (answer.kind) {
    case 'applied':
      writer.byte(APPLIED)
      writer.uint(answer.index, 1, MAX_INTEGER, 'index')
      writer.uint(answer.term, 1, MAX_TERM, 'term')
      return writer.data(answer.result, MAX_FRAME_BYTES, 'length of a result')
    case 'notLeader':
      writer.byte(NOT_LEADER)
      writer.flag(answer.leader !== undefined)
      if (answer.leader !== undefined) writer.nodeId(answer.leader)
      return
    case 'overloaded':
      return writer.byte(OVERLOADED)
    case 'unknown':
      return writer.byte(UNKNOWN)
    case 'sessionExpired':
      return writer.byte(SESSION_EXPIRED)
    case 'superseded':
      return writer.byte(SUPERSEDED)
    default:
      return answer satisfies never
  }
}

function readAnswer(reader: Reader): ProposeAnswer {
  const kind = reader.byte('the kind of an answer')
  switch (kind) {
    case APPLIED: {
      const index = reader.uint(1, MAX_INTEGER, 'index')
      const term = reader.uint(1, MAX_TERM, 'term')
      return { kind: 'applied', index, term, result: reader.data(MAX_FRAME_BYTES, 'a result') }
    }
    case NOT_LEADER:
      return { kind: 'notLeader', leader: reader.flag('whether a leader is known') ? reader.nodeId() : undefined }
    case OVERLOADED:
      return { kind: 'overloaded' }
    case UNKNOWN:
      return { kind: 'unknown' }
    case SESSION_EXPIRED:
      return { kind: 'sessionExpired' }
    case SUPERSEDED:
      return { kind: 'superseded' }
    default:
      throw reader.fault('UnknownType', `kind ${kind} of an answer`, reader.offset - 1)
  }
}
