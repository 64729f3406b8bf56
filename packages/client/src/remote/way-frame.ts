/**
 * What a client that is no node and its node send each other as frames of a transport (docs/wire-protocol.md). Messages of the client
 * protocol go in parts, which are numbered, because a transport may drop a frame; and no more of them are under way than the other end has
 * said to have taken, so that it does not.
 */
import type { Decoded } from '@flotilla/cluster'
import { Reader, refused, Writer } from '@flotilla/cluster/clients'

export type WayFrame =
  /** The node's first word: clients are served here. */
  | { readonly kind: 'open' }
  /** The client's: what bears this number is one port, in place of any before. */
  | { readonly kind: 'begin'; readonly port: number }
  /** Of a message. `number` counts from 1 in each direction. */
  | {
      readonly kind: 'part'
      readonly port: number
      readonly number: number
      readonly isLast: boolean
      readonly data: Uint8Array
    }
  /** So many bytes of parts have come, in all, with `PART_OVERHEAD_BYTES` more for each. */
  | { readonly kind: 'taken'; readonly port: number; readonly bytes: number }
  /** Nothing more comes by this port, and nothing is heard. */
  | { readonly kind: 'end'; readonly port: number }
  | { readonly kind: 'ping'; readonly nonce: number }
  | { readonly kind: 'pong'; readonly nonce: number }

const VERSION = 1
export const MAX_PART_BYTES = 256 * 1024
export const PART_OVERHEAD_BYTES = 64

const kinds = ['open', 'begin', 'part', 'taken', 'end', 'ping', 'pong'] as const
const scratch = new Writer()

/** @throws RangeError for what the decoder would not accept. */
export function encodeWayFrame(frame: WayFrame): Uint8Array {
  const writer = scratch.restart()
  writer.byte(VERSION)
  writer.byte(kinds.indexOf(frame.kind))
  switch (frame.kind) {
    case 'open':
      break
    case 'begin':
    case 'end':
      writer.integer(frame.port, 'port')
      break
    case 'part':
      writer.integer(frame.port, 'port')
      writer.integer(frame.number, 'number')
      writer.flag(frame.isLast)
      writer.data(frame.data, MAX_PART_BYTES, 'a part')
      break
    case 'taken':
      writer.integer(frame.port, 'port')
      writer.integer(frame.bytes, 'bytes')
      break
    case 'ping':
    case 'pong':
      writer.integer(frame.nonce, 'nonce')
      break
    default:
      frame satisfies never
  }
  return writer.finish()
}

/** Never throws. A part's data is a view of `bytes`. */
export function decodeWayFrame(bytes: Uint8Array): Decoded<WayFrame> {
  try {
    const reader = new Reader(bytes)
    const version = reader.byte('the version')
    if (version !== VERSION) throw reader.fault('UnknownVersion', `version ${version} of a client’s way`, 0)
    const value = read(reader)
    reader.end()
    return { ok: true, value }
  } catch (caught) {
    return refused(caught)
  }
}

function read(reader: Reader): WayFrame {
  const number = reader.byte('the kind')
  const kind = kinds[number]
  switch (kind) {
    case 'open':
      return { kind }
    case 'begin':
    case 'end':
      return { kind, port: reader.integer('port') }
    case 'part':
      return {
        kind,
        port: reader.integer('port'),
        number: reader.integer('number'),
        isLast: reader.flag('whether it is the last'),
        data: reader.data(MAX_PART_BYTES, 'a part'),
      }
    case 'taken':
      return { kind, port: reader.integer('port'), bytes: reader.integer('bytes') }
    case 'ping':
    case 'pong':
      return { kind, nonce: reader.integer('nonce') }
    case undefined:
      throw reader.fault('UnknownType', `kind ${number} of a client’s way`, 1)
    default:
      return kind satisfies never
  }
}
