/**
 * A room's rules, and changes of them, as bytes.
 *
 *   change: type (1 admission, 2 refuse, 3 key) · admission: flag, whether somebody is asked | refuse: id
 *           · key: previous · key · count · { id }
 *   rules:  flag · count · { refused id } · count · { key } · count · { id that the last key was made without }
 */
import {
  type HouseRuleChange,
  type HouseRules,
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
    default:
      throw reader.fault('UnknownType', `type ${type} of a house rule`, reader.offset - 1)
  }
}

export function writeHouseRules(writer: Writer, { admission, refused, keys, keyedWithout }: HouseRules): void {
  writer.flag(admission === 'asked')
  writeNodeIds(writer, refused, MAX_REFUSED)
  writer.uint(keys.length, 0, MAX_KEYS, 'number of keys')
  for (const key of keys) writer.text(key, 1, MAX_KEY_BYTES, 'a key')
  writeNodeIds(writer, keyedWithout, MAX_KEYED_WITHOUT)
}

export function readHouseRules(reader: Reader): HouseRules {
  const admission = reader.flag('whether somebody is asked') ? 'asked' : 'open'
  const refused = readNodeIds(reader, MAX_REFUSED)
  const keys: string[] = []
  for (let left = reader.count(MAX_KEYS, 2, 'keys'); left > 0; left--) keys.push(readKey(reader))
  return { admission, refused, keys, keyedWithout: readNodeIds(reader, MAX_KEYED_WITHOUT) }
}

function readKey(reader: Reader): string {
  const start = reader.offset
  const key = reader.text(MAX_KEY_BYTES, 'a key')
  if (key === '') throw reader.fault('OutOfRange', 'a key is empty', start)
  return key
}
