/** What an entry says, as far as the room's own envelope goes: the command in it is the application's. */
import type { Entry, NodeId } from '@flotilla/core'
import { decodeEnvelope } from '../wire/command.ts'

export type ToldEntry =
  /** A new leader's first. */
  | { readonly kind: 'noop' }
  /** `from`: who voted before, while the change is under way. */
  | {
      readonly kind: 'members'
      readonly voters: readonly NodeId[]
      readonly from: readonly NodeId[]
      readonly learners: number
    }
  | { readonly kind: 'session begins' }
  | { readonly kind: 'sessions end'; readonly sessions: readonly number[] }
  /** A rule of the room changes. */
  | { readonly kind: 'rule' }
  | { readonly kind: 'command'; readonly session: number; readonly sequence: number; readonly command: Preview }
  /** In no envelope of ours. */
  | { readonly kind: 'bytes'; readonly bytes: number }

/** Text where it is text, which may be anybody's; otherwise the first bytes, in hexadecimal digits. */
export type Preview =
  | { readonly text: string; readonly isCut: boolean }
  | { readonly hex: string; readonly bytes: number; readonly isCut: boolean }

export function toldEntry(entry: Entry): ToldEntry {
  if (entry.kind === 'noop') return { kind: 'noop' }
  if (entry.kind === 'configuration') {
    const { voters, oldVoters, members } = entry.data
    const learners = members.filter(({ id }) => !voters.includes(id) && !oldVoters.includes(id)).length
    return { kind: 'members', voters, from: oldVoters, learners }
  }
  const envelope = decodeEnvelope(entry.data)
  if (!envelope.ok) return { kind: 'bytes', bytes: entry.data.byteLength }
  switch (envelope.value.kind) {
    case 'open':
      return { kind: 'session begins' }
    case 'expire':
      return { kind: 'sessions end', sessions: envelope.value.sessions }
    case 'amend':
      return { kind: 'rule' }
    default: {
      const { session, sequence, command } = envelope.value
      return { kind: 'command', session, sequence, command: preview(command) }
    }
  }
}

const READ_BYTES = 200
const SHOWN_CHARACTERS = 60
const SHOWN_BYTES = 12

export function preview(bytes: Uint8Array): Preview {
  const text = textOf(bytes)
  if (text !== undefined) {
    const isCut = text.length > SHOWN_CHARACTERS || bytes.byteLength > READ_BYTES
    return { text: isCut ? text.slice(0, SHOWN_CHARACTERS) : text, isCut }
  }
  const hex = Array.from(bytes.subarray(0, SHOWN_BYTES), byte => byte.toString(16).padStart(2, '0')).join('')
  return { hex, bytes: bytes.byteLength, isCut: bytes.byteLength > SHOWN_BYTES }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    // A character may be cut in two at the end of what is read: that is waited for, and not refused.
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const text = decoder.decode(bytes.subarray(0, READ_BYTES), { stream: bytes.byteLength > READ_BYTES })
    return /\p{Cc}/u.test(text) ? undefined : text
  } catch {
    return undefined
  }
}
