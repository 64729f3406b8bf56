/**
 * The envelope inside a command entry's data: it says whose command this is and the how-manieth, so that every node can
 * tell a retry from a new one (dissertation §6.3). It lies in the log, and may outlive the version that wrote it.
 *
 *   version · kind (1 open, 2 command, 3 expire, 4 amend, 5 command in order) · command: session · sequence · firstUnanswered · length · command
 *                                                · expire: count · { session } · amend: a change of a house rule
 */

import type { Decoded } from './frame.ts'
import type { HouseRuleChange } from './house-rules.ts'
import { readHouseRuleChange, writeHouseRuleChange } from './house-rules-codec.ts'
import { MAX_INTEGER } from './limits.ts'
import { Reader, refused } from './reader.ts'
import { scratch } from './writer.ts'

/** Opens a client's session, which has the log index of this very entry for its name. */
export interface OpenSession {
  readonly kind: 'open'
}

export interface SessionCommand {
  readonly kind: 'command'
  /** The index of the entry that opened it. */
  readonly session: number
  /** From 1; a retry has the same. */
  readonly sequence: number
  /** The client has the answers of all sequences below this one, and they may be forgotten. At most `sequence`. */
  readonly firstUnanswered: number
  /** It has no effect before the one of the sequence before it: a client that needs its commands in order numbers none in vain. */
  readonly inOrder?: true
  /** The application's own bytes. */
  readonly command: Uint8Array
}

export interface ExpireSessions {
  readonly kind: 'expire'
  readonly sessions: readonly number[]
}

/** What the room agrees on about itself. Only a leader proposes it. */
export interface AmendHouseRules {
  readonly kind: 'amend'
  readonly change: HouseRuleChange
}

export type Envelope = OpenSession | SessionCommand | ExpireSessions | AmendHouseRules

export const ENVELOPE_VERSION = 1

/** The longest command of an application, far below what fits into an entry: one large command must not hold up all others. */
export const MAX_COMMAND_BYTES = 256 * 1024

/** In one entry; more go in another. */
export const MAX_EXPIRED_SESSIONS = 4096

const OPEN = 1
const COMMAND = 2
const EXPIRE = 3
const AMEND = 4
const COMMAND_IN_ORDER = 5

/** What another node may bring for its application. What the room does about itself its leader proposes, and nobody else. */
export function isClients(data: Uint8Array): boolean {
  return data[1] !== EXPIRE && data[1] !== AMEND
}

/** @throws RangeError for numbers out of range, and for a command longer than MAX_COMMAND_BYTES. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const writer = scratch.restart()
  writer.byte(ENVELOPE_VERSION)
  switch (envelope.kind) {
    case 'open':
      writer.byte(OPEN)
      break
    case 'command':
      writer.byte(envelope.inOrder ? COMMAND_IN_ORDER : COMMAND)
      writer.uint(envelope.session, 1, MAX_INTEGER, 'session')
      writer.uint(envelope.sequence, 1, MAX_INTEGER, 'sequence')
      writer.uint(envelope.firstUnanswered, 1, envelope.sequence, 'firstUnanswered')
      writer.data(envelope.command, MAX_COMMAND_BYTES, 'length of a command')
      break
    case 'expire':
      writer.byte(EXPIRE)
      writer.uint(envelope.sessions.length, 0, MAX_EXPIRED_SESSIONS, 'number of sessions')
      for (const session of envelope.sessions) writer.uint(session, 1, MAX_INTEGER, 'session')
      break
    case 'amend':
      writer.byte(AMEND)
      writeHouseRuleChange(writer, envelope.change)
      break
    default:
      envelope satisfies never
  }
  return writer.finish()
}

/** Never throws. A command is a view of `bytes`. */
export function decodeEnvelope(bytes: Uint8Array): Decoded<Envelope> {
  try {
    const reader = new Reader(bytes)
    const version = reader.byte('the version')
    if (version !== ENVELOPE_VERSION) throw reader.fault('UnknownVersion', `version ${version} of an envelope`, 0)
    const value = readEnvelope(reader)
    reader.end()
    return { ok: true, value }
  } catch (caught) {
    return refused(caught)
  }
}

function readEnvelope(reader: Reader): Envelope {
  const kind = reader.byte('the kind of an envelope')
  switch (kind) {
    case OPEN:
      return { kind: 'open' }
    case COMMAND:
    case COMMAND_IN_ORDER: {
      const session = reader.uint(1, MAX_INTEGER, 'session')
      const sequence = reader.uint(1, MAX_INTEGER, 'sequence')
      const firstUnanswered = reader.uint(1, sequence, 'firstUnanswered')
      return {
        kind: 'command',
        session,
        sequence,
        firstUnanswered,
        ...(kind === COMMAND_IN_ORDER && { inOrder: true }),
        command: reader.data(MAX_COMMAND_BYTES, 'a command'),
      }
    }
    case EXPIRE: {
      const sessions: number[] = []
      for (let left = reader.count(MAX_EXPIRED_SESSIONS, 1, 'sessions'); left > 0; left--) {
        sessions.push(reader.uint(1, MAX_INTEGER, 'session'))
      }
      return { kind: 'expire', sessions }
    }
    case AMEND:
      return { kind: 'amend', change: readHouseRuleChange(reader) }
    default:
      throw reader.fault('UnknownType', `kind ${kind} of an envelope`, reader.offset - 1)
  }
}
