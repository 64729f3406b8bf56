/**
 * What is asked of a leader besides commands, and its answer, as bytes.
 *
 *   change: type (1 addLearner, 2 addVoter, 3 expel, 4 leave, 5 transfer, 6 refuse, 7 admission, 8 swap)
 *           · id | transfer: flag, whether to somebody · id | admission: flag, whether somebody is asked | swap: nothing
 *   answer: kind (1 done, 2 notLeader, 3 later, 4 refused) · notLeader: flag, whether a leader is known · id
 *                                                          · refused: error (1 membership, 2 transfer, 3 room full) · reason
 */
import type { NodeId } from '@flotilla/core'
import type { Change, ChangeAnswer, ChangeErrorKind } from './change.ts'
import { MAX_REASON_BYTES } from './limits.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** By number; those without an id are written on their own. */
const types = ['addLearner', 'addVoter', 'expel', 'leave', undefined, 'refuse'] as const
const TRANSFER = 5
const ADMISSION = 7
const SWAP = 8

const DONE = 1
const NOT_LEADER = 2
const LATER = 3
const REFUSED = 4

const errors: readonly ChangeErrorKind[] = ['MembershipRefused', 'TransferRefused', 'RoomFull']

export function writeChange(writer: Writer, change: Change): void {
  if (change.type === 'transfer') {
    writer.byte(TRANSFER)
    return writeOptionalId(writer, change.id)
  }
  if (change.type === 'admission') {
    writer.byte(ADMISSION)
    return writer.flag(change.admission === 'asked')
  }
  if (change.type === 'swap') return writer.byte(SWAP)
  writer.byte(types.indexOf(change.type) + 1)
  writer.nodeId(change.id)
}

export function readChange(reader: Reader): Change {
  const code = reader.byte('the type of a change')
  if (code === TRANSFER) return { type: 'transfer', id: readOptionalId(reader, 'whether it is to somebody') }
  if (code === ADMISSION) {
    return { type: 'admission', admission: reader.flag('whether somebody is asked') ? 'asked' : 'open' }
  }
  if (code === SWAP) return { type: 'swap' }
  const type = types[code - 1]
  if (type === undefined) throw reader.fault('UnknownType', `type ${code} of a change`, reader.offset - 1)
  return { type, id: reader.nodeId() }
}

export function writeChangeAnswer(writer: Writer, answer: ChangeAnswer): void {
  switch (answer.kind) {
    case 'done':
      return writer.byte(DONE)
    case 'later':
      return writer.byte(LATER)
    case 'notLeader':
      writer.byte(NOT_LEADER)
      return writeOptionalId(writer, answer.leader)
    case 'refused':
      writer.byte(REFUSED)
      writer.uint(errors.indexOf(answer.error) + 1, 1, errors.length, 'error of a refusal')
      return writer.text(answer.reason, 0, MAX_REASON_BYTES, 'a reason')
    default:
      return answer satisfies never
  }
}

export function readChangeAnswer(reader: Reader): ChangeAnswer {
  const kind = reader.byte('the kind of an answer')
  switch (kind) {
    case DONE:
      return { kind: 'done' }
    case LATER:
      return { kind: 'later' }
    case NOT_LEADER:
      return { kind: 'notLeader', leader: readOptionalId(reader, 'whether a leader is known') }
    case REFUSED: {
      const error = errors[reader.uint(1, errors.length, 'error of a refusal') - 1] ?? 'MembershipRefused'
      return { kind: 'refused', error, reason: reader.text(MAX_REASON_BYTES, 'a reason') }
    }
    default:
      throw reader.fault('UnknownType', `kind ${kind} of an answer`, reader.offset - 1)
  }
}

function writeOptionalId(writer: Writer, id: NodeId | undefined): void {
  writer.flag(id !== undefined)
  if (id !== undefined) writer.nodeId(id)
}

const readOptionalId = (reader: Reader, what: string): NodeId | undefined =>
  reader.flag(what) ? reader.nodeId() : undefined
