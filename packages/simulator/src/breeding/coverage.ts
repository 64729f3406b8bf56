/** What a run came across, as numbers: pairs of the state that a node was in and of what happened to it then, and the marks. */
import type { Message, RaftStatus } from '@flotilla/core'
import type { SimulateOptions } from '../driver/run.ts'
import { mix, mixText } from '../ground/hash.ts'
import type { Action } from '../world/action.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { World } from '../world/world.ts'

export class Coverage {
  readonly pairs = new Set<number>()

  /** As `observe` of a simulation; call `finish` with its marks at the end. */
  readonly observe: NonNullable<SimulateOptions['observe']> = (world, driver) => {
    driver.onAction = action => {
      const node = world.nodes[action.node]
      if (node !== undefined) this.pairs.add(mix(stateOf(world, node), eventOf(node, action)))
    }
  }

  finish(marks: Iterable<string>): void {
    for (const mark of marks) this.pairs.add(mixText(0x3a2c, mark))
  }
}

const compare = (a: number, b: number): number => Math.sign(a - b) + 1

/** Coarse on purpose: which rules apply, and not how far it is. */
function stateOf(world: World, node: SimulatedNode): number {
  const { status } = node
  if (status === undefined) return 1
  const { ghost } = world.checker
  const { configuration, id } = status
  let hash = mixText(node.isUp ? 2 : 3, status.role)
  const also = (value: number | boolean): void => {
    hash = mix(hash, Number(value))
  }
  also(configuration.voters.includes(id))
  also(configuration.oldVoters.length > 0)
  also(configuration.oldVoters.includes(id))
  also(status.configurationIndex > status.commitIndex)
  also(compare(status.currentTerm, ghost.latestLeaderTerm))
  also(status.votedFor === undefined ? 0 : status.votedFor === id ? 1 : 2)
  also(status.leader === undefined)
  also(compare(status.commitIndex, ghost.commit))
  also(status.lastIndex > status.commitIndex)
  also(status.lastTerm === status.currentTerm)
  also(status.durableIndex < status.lastIndex)
  also(Math.min(node.disk.pending.length, 2))
  also(status.snapshotIndex > 0)
  also(status.transferringTo !== undefined)
  also(node.isUndrained)
  also(followersOf(status))
  return hash
}

/** Which states there are among those whom a leader sends to. */
function followersOf({ followers }: RaftStatus): number {
  let kinds = 0
  for (const { state } of followers) kinds |= state === 'probe' ? 1 : state === 'replicate' ? 2 : 4
  return kinds
}

function eventOf({ status }: SimulatedNode, action: Action): number {
  const hash = mixText(5, action.type)
  if (action.type !== 'deliver') return action.type === 'change' ? mix(hash, action.changes.length) : hash
  const { message } = action.envelope
  const term = compare(message.term, status?.currentTerm ?? 0)
  return mix(mix(mixText(hash, message.type), term), detailOf(message, status))
}

function detailOf(message: Message, status: RaftStatus | undefined): number {
  const { lastIndex = 0, commitIndex = 0, snapshotIndex = 0 } = status ?? {}
  switch (message.type) {
    case 'AppendEntries':
      return (
        Number(message.entries.length > 0) +
        2 * compare(message.prevLogIndex, lastIndex) +
        6 * compare(message.prevLogIndex, commitIndex) +
        18 * Number(message.prevLogIndex < snapshotIndex)
      )
    case 'AppendEntriesResult':
      return Number(message.success)
    case 'RequestVote':
      return compare(message.lastLogIndex, lastIndex) + 3 * Number(message.leadershipTransfer)
    case 'RequestPreVote':
      return compare(message.lastLogIndex, lastIndex)
    case 'RequestVoteResult':
    case 'RequestPreVoteResult':
      return Number(message.granted)
    case 'InstallSnapshot':
      return compare(message.lastIncludedIndex, commitIndex) + 3 * compare(message.lastIncludedIndex, lastIndex)
    case 'ReadIndexResult':
      return Number(message.readIndex > 0)
    default:
      return 0
  }
}
