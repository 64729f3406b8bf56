/** What a client's command says, in the few letters that a cell of the log has room for. */
import { decodeCommand } from '../ground/command.ts'
import { pastOperations } from './setup.ts'

export const keyNames = ['x', 'y', 'z', 'w'] as const

export const keyName = (key: number): string => keyNames[key] ?? `r${key}`

export function describeWrite(bytes: Uint8Array): string {
  const { operation, key } = decodeCommand(bytes)
  // What lay on the disks from the beginning says no more than that.
  return operation >= pastOperations ? 'cmd' : `${keyName(key)} ← ${operation}`
}
