/** What can be said of a node of a run. */
import type { NodeId, Role } from '@flotilla/core'

/** One node as it is at the end of what was played. */
export interface NodeState {
  readonly up: boolean
  readonly role: Role
  readonly term: number
  readonly votedFor: NodeId | undefined
  readonly commitIndex: number
  readonly log: readonly number[]
  readonly followers: readonly { readonly id: NodeId; readonly matchIndex: number; readonly nextIndex: number }[]
  readonly registers: readonly number[]
}
