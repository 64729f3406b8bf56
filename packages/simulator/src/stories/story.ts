/** A run told to people: who did what, when, and what it changed. One line for each action. */
import type { MembershipChange, Message } from '@flotilla/core'
import type { Action } from '../world/action.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { World } from '../world/world.ts'
import type { Source } from './replay.ts'

/** What an action found. */
type Before = Pick<SimulatedNode, 'status' | 'isUp' | 'vanished'>

/** Fills with lines as the run goes; the latest `most` are kept. */
export function tell(world: World, source: Source, most: number): { lines(): readonly string[] } {
  const told: string[] = []
  let before: Before = { status: undefined, isUp: false, vanished: false }
  let subject: SimulatedNode | undefined
  let text = ''
  const finish = (): void => {
    if (text === '') return
    told.push(text + changes(subject, before))
    if (told.length > 2 * most) told.splice(0, told.length - most)
    text = ''
  }
  source.onAction = (action, at, reading) => {
    finish()
    subject = world.nodes[action.node]
    const { status, isUp = false, vanished = false } = subject ?? {}
    before = { status, isUp, vanished }
    const clock = Math.abs(reading - at) < 1e-6 ? '' : ` (its clock: ${reading.toFixed(1)})`
    text = `${at.toFixed(1).padStart(9)}  ${(subject?.id ?? `n${action.node + 1}`).padEnd(3)} ${describe(action)}${clock}`
  }
  return {
    lines: () => {
      finish()
      return told.slice(-most)
    },
  }
}

export function describe(action: Action): string {
  switch (action.type) {
    case 'deliver':
      return `← ${describeMessage(action.envelope.message)}`
    case 'tick':
      return 'its timer runs out'
    case 'flush':
      return 'its disk finishes a unit'
    case 'propose':
      return `is asked to write to register ${action.key}`
    case 'read':
      return `is asked for register ${action.key}`
    case 'change':
      return `is asked to change the membership: ${action.changes.map(describeChange).join(', ')}`
    case 'transfer':
      return `is asked to hand over${action.to === undefined ? '' : ` to ${action.to}`}${action.atOnce ? ' at once' : ''}`
    case 'compact':
      return 'takes a snapshot'
    case 'drain':
      return 'lets out what it has to do'
    case 'resume':
      return 'notices that time has passed'
    case 'crash':
      return `crashes; its disk keeps ${action.keep} of the units under way`
    case 'fuse':
      return `will crash after ${action.effects} more effects`
    case 'restart':
      return action.unchecked ? 'starts again, whatever is on its disk' : 'starts again'
    case 'vanish':
      return 'is gone, disk and all'
    case 'wipe':
      return 'starts again and remembers nothing'
    case 'appear':
      return 'appears'
    case 'failDisk':
      return 'has a disk that fails from now on'
    case 'fillDisk':
      return `has room for ${action.room} more entries on its disk${action.believed ? ', and does not look' : ''}`
    case 'repairDisk':
      return 'has a disk that works'
    case 'copyDisk':
      return 'has its disk copied'
    case 'rollBack':
      return 'has its disk replaced by the older copy'
    case 'flip':
      return `has a bit flipped on its disk (record ${action.record}, bit ${action.bit})`
    default:
      return action satisfies never
  }
}

const describeChange = ({ type, id }: MembershipChange): string => `${type} ${id}`

export function describeMessage(message: Message): string {
  const head = `${message.type} of term ${message.term} from ${message.from}`
  switch (message.type) {
    case 'RequestPreVote':
    case 'RequestVote':
      return `${head}, log to ${message.lastLogIndex}/${message.lastLogTerm}`
    case 'RequestPreVoteResult':
    case 'RequestVoteResult':
      return `${head}: ${message.granted ? 'yes' : 'no'}`
    case 'AppendEntries': {
      const entries = message.entries.length === 0 ? 'nothing' : `${message.entries.length} entries`
      return `${head}: ${entries} after ${message.prevLogIndex}/${message.prevLogTerm}, commit ${message.leaderCommit}`
    }
    case 'AppendEntriesResult':
      return message.success
        ? `${head}: has all to ${message.matchIndex}`
        : `${head}: not after ${message.rejectedIndex}, perhaps after ${message.hintIndex}/${message.hintTerm}`
    case 'InstallSnapshot':
      return `${head}: snapshot at ${message.lastIncludedIndex}, bytes ${message.offset}+${message.data.length} of ${message.totalBytes}`
    case 'InstallSnapshotResult':
      return `${head}: snapshot at ${message.lastIncludedIndex}, wants byte ${message.nextOffset}`
    case 'TimeoutNow':
      return head
    case 'ReadIndex':
      return `${head}, question ${message.context}`
    case 'ReadIndexResult':
      return `${head}, question ${message.context}: ${message.readIndex}`
    default:
      return message satisfies never
  }
}

function changes(node: SimulatedNode | undefined, { status: before, isUp, vanished }: Before): string {
  if (node === undefined) return ''
  const now = node.status
  const found: string[] = []
  if (isUp && !node.isUp) found.push('down')
  if (node.vanished && !vanished) found.push('never to come back')
  if (now !== undefined) {
    const change = (name: string, old: unknown, fresh: unknown): void => {
      if (old !== fresh) found.push(`${name} ${fresh}`)
    }
    change('', before?.role, now.role)
    change('term', before?.currentTerm, now.currentTerm)
    change('vote', before?.votedFor, now.votedFor)
    change('last', before?.lastIndex, now.lastIndex)
    change('durable', before?.durableIndex, now.durableIndex)
    change('commit', before?.commitIndex, now.commitIndex)
    change('snapshot', before?.snapshotIndex, now.snapshotIndex)
  }
  return found.length === 0 ? '' : `  → ${found.map(text => text.trim()).join(', ')}`
}
