/** A list of node ids: how many, and each of them. */
import type { NodeId } from '@flotilla/core'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Its length, and a letter. */
const LEAST_ID_BYTES = 2

export function writeNodeIds(writer: Writer, ids: readonly NodeId[], max: number): void {
  writer.uint(ids.length, 0, max, 'number of nodes')
  for (const id of ids) writer.nodeId(id)
}

export function readNodeIds(reader: Reader, max: number): readonly NodeId[] {
  const ids: NodeId[] = []
  for (let left = reader.count(max, LEAST_ID_BYTES, 'nodes'); left > 0; left--) ids.push(reader.nodeId())
  return ids
}
