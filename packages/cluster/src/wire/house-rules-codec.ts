/**
 * A room's rules, and changes of them, as bytes.
 *
 *   change: type (1 admission, 2 refuse, 3 key, 4 refounded) · admission: flag, whether somebody is asked | refuse: id
 *           · key: previous · key · count · { id } | refounded: the cluster that was left (16 bytes)
 *   rules:  flag · count · { refused id } · count · { key } · count · { id that the last key was made without }
 *           · if there is any: count · { cluster that this one was before (16 bytes) }
 */
import { CLUSTER_ID_BYTES, clusterIdBytes, readClusterId } from './cluster-id.ts'
import {
  type HouseRuleChange,
  type HouseRules,
  MAX_FORMERLY,
  MAX_KEY_BYTES,
  MAX_KEYED_WITHOUT,
  MAX_KEYS,
  MAX_REFUSED,
} from './house-rules.ts'
import { readNodeIds, writeNodeIds } from './node-ids.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

const ADMISSION = 1
const REFUSE = 2
const KEY = 3
const REFOUNDED = 4

export function writeHouseRuleChange(writer: Writer, change: HouseRuleChange): void {
  switch (change.type) {
    case 'admission':
      writer.byte(ADMISSION)
      return writer.flag(change.admission === 'asked')
    case 'refuse':
      writer.byte(REFUSE)
      return writer.nodeId(change.id)
    case 'key':
      writer.byte(KEY)
      writer.text(change.previous, 1, MAX_KEY_BYTES, 'a key')
      writer.text(change.key, 1, MAX_KEY_BYTES, 'a key')
      return writeNodeIds(writer, change.without, MAX_KEYED_WITHOUT)
    case 'refounded':
      writer.byte(REFOUNDED)
      return writer.raw(clusterIdBytes(change.from))
    default:
      return change satisfies never
  }
}

export function readHouseRuleChange(reader: Reader): HouseRuleChange {
  const type = reader.byte('the type of a house rule')
  switch (type) {
    case ADMISSION:
      return { type: 'admission', admission: reader.flag('whether somebody is asked') ? 'asked' : 'open' }
    case REFUSE:
      return { type: 'refuse', id: reader.nodeId() }
    case KEY:
      return {
        type: 'key',
        previous: readKey(reader),
        key: readKey(reader),
        without: readNodeIds(reader, MAX_KEYED_WITHOUT),
      }
    case REFOUNDED:
      return { type: 'refounded', from: readClusterId(reader) }
    default:
      throw reader.fault('UnknownType', `type ${type} of a house rule`, reader.offset - 1)
  }
}

export function writeHouseRules(
  writer: Writer,
  { admission, refused, keys, keyedWithout, formerly }: HouseRules,
): void {
  writer.flag(admission === 'asked')
  writeNodeIds(writer, refused, MAX_REFUSED)
  writer.uint(keys.length, 0, MAX_KEYS, 'number of keys')
  for (const key of keys) writer.text(key, 1, MAX_KEY_BYTES, 'a key')
  writeNodeIds(writer, keyedWithout, MAX_KEYED_WITHOUT)
  if (formerly.length === 0) return
  writer.uint(formerly.length, 1, MAX_FORMERLY, 'number of former clusters')
  for (const id of formerly) writer.raw(clusterIdBytes(id))
}

export function readHouseRules(reader: Reader): HouseRules {
  const admission = reader.flag('whether somebody is asked') ? 'asked' : 'open'
  const refused = readNodeIds(reader, MAX_REFUSED)
  const keys: string[] = []
  for (let left = reader.count(MAX_KEYS, 2, 'keys'); left > 0; left--) keys.push(readKey(reader))
  const keyedWithout = readNodeIds(reader, MAX_KEYED_WITHOUT)
  return { admission, refused, keys, keyedWithout, formerly: reader.isAtEnd ? [] : readFormerly(reader) }
}

/** Left out where there is none, as in what was written before there could be any. */
function readFormerly(reader: Reader): readonly string[] {
  const formerly: string[] = []
  let left = reader.count(MAX_FORMERLY, CLUSTER_ID_BYTES, 'former clusters')
  if (left === 0) throw reader.fault('OutOfRange', 'no former clusters')
  for (; left > 0; left--) formerly.push(readClusterId(reader))
  return formerly
}

function readKey(reader: Reader): string {
  const start = reader.offset
  const key = reader.text(MAX_KEY_BYTES, 'a key')
  if (key === '') throw reader.fault('OutOfRange', 'a key is empty', start)
  return key
}
