/** How a page's room is doing, in one value to watch: enough for a banner that says what a person can rely on. */
import type { NodeStatus } from '@flotilla/client'
import type { NodeFailure } from '@flotilla/cluster'
import { Emitter } from '@flotilla/cluster/clients'
import { sameJson } from './json.ts'
import type { Change } from './pending.ts'
import type { RoomNode } from './room-node.ts'
import type { Watchable } from './watchable.ts'

export interface RoomMember {
  readonly id: string
  /** In the order of joining: S1, S2, … */
  readonly name: string
  readonly voter: boolean
  /** This node has a link to it, or it is this one. No proof of life. */
  readonly connected: boolean
  readonly leads: boolean
  readonly isSelf: boolean
}

export interface SharedStatus {
  /** The node that this page speaks to answers. Without it the page shows what it last had. */
  readonly isReachable: boolean
  readonly role: NodeStatus['role'] | undefined
  /** Of the node: `failed` where its disk fails. */
  readonly state: NodeStatus['state'] | undefined
  /** Why this page has to be loaded anew, in so many words: nothing more comes from its node. */
  readonly ended: string | undefined
  readonly term: number
  /** The name of whoever leads, such as `S1`. */
  readonly leader: string | undefined
  /** There is a leader, so changes are committed. */
  readonly hasQuorum: boolean
  /** The same array as long as nothing in it is another. */
  readonly members: readonly RoomMember[]
  /** Voters that this node has no link to, by name. */
  readonly missing: readonly string[]
  /**
   * Since when the node has known of no leader: when it lost the last one, or when it started. A date in milliseconds, by the clock of
   * the node; `undefined` while there is a leader, and before anything is known of the members.
   */
  readonly noQuorumSince: number | undefined
  /** Why the node has stopped by itself. What is shown stays as it was. */
  readonly failure: NodeFailure | undefined
  /** This browser's own changes that the log does not show yet. */
  readonly pending: number
  /** Of these, how many would be lost with this page: they are not on disk. */
  readonly unsaved: number
  /** Of these, how many some other node has, and no majority yet. */
  readonly sent: number
  /** Machines of which the room runs a newer version: this page has to be loaded anew. */
  readonly outdated: readonly string[]
}

export interface StatusSources {
  readonly node: Pick<RoomNode, 'status' | 'isReachable' | 'ended' | 'onStatus'>
  pending(): readonly Change[]
  outdated(): readonly string[]
  /** Pending changes or machines may be others. */
  onChanged(listener: () => void): () => void
}

export function sharedStatus({ node, pending, outdated, onChanged }: StatusSources): Watchable<SharedStatus> {
  const events = new Emitter<{ changed: SharedStatus }>()
  let last = now([])

  function now(before: readonly RoomMember[]): SharedStatus {
    const status = node.status()
    const members = status?.members ?? []
    const isReachable = node.isReachable()
    const next = members.map(({ id, name, voter, connected }) => {
      return { id, name, voter, connected, leads: id === status?.leader, isSelf: id === status?.id }
    })
    const changes = pending()
    const ended = node.ended?.()
    return {
      isReachable,
      role: status?.role,
      state: status?.state,
      ended: ended === undefined || ended.kind === 'Closed' ? undefined : ended.message,
      term: status?.term ?? 0,
      leader: members.find(({ id }) => id === status?.leader)?.name,
      members: sameJson(next, before) ? before : next,
      hasQuorum: isReachable && status?.leader !== undefined,
      missing: members.filter(({ voter, connected }) => voter && !connected).map(({ name }) => name),
      noQuorumSince: status?.waitingFor?.since,
      failure: status?.failure,
      pending: changes.length,
      unsaved: changes.filter(({ progress }) => progress === 'unsaved').length,
      sent: changes.filter(({ progress }) => progress === 'sent').length,
      outdated: outdated(),
    }
  }

  function look(): void {
    const next = now(last.members)
    if (sameJson(next, last)) return
    last = next
    events.emit('changed', next)
  }

  node.onStatus(look)
  onChanged(look)
  return {
    get: () => last,
    subscribe: listener => {
      const stop = events.on('changed', listener)
      listener(last)
      return stop
    },
  }
}
