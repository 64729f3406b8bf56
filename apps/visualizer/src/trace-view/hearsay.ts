/**
 * What a tab is told of nodes that it has no link to: where each stands, in a few numbers, by way of a voter that has a link to
 * it. It is believed for the picture's sake and for nothing else, and only of members that nothing is known of at first hand.
 */
import type { NodeId, Role } from '@flotilla/core'
import { logFromDisk } from './log-view.ts'
import { currentConfiguration, type Presence, presenceOf } from './roster.ts'
import { type ClusterView, type NodeView, unheardNode } from './view.ts'

/** Where one node stands. */
export interface Standing {
  /** The number in its name: nobody can tell of who is no member. */
  readonly number: number
  readonly presence: Presence
  readonly role: Role
  readonly term: number
  readonly lastIndex: number
  readonly commitIndex: number
  readonly lastApplied: number
}

/** In a room of many everybody has a link to the voters; what is to be told is where the others stand. */
export function standingsOf(view: ClusterView, self: NodeId): readonly Standing[] {
  const { members, voters, oldVoters } = currentConfiguration(view)
  return members
    .filter(({ id }) => !voters.includes(id) && !oldVoters.includes(id) && view.nodes.get(id)?.heard === true)
    .map(({ id, name }) => {
      const node = view.nodes.get(id) ?? unheardNode(id)
      const { role, term, commitIndex, lastApplied } = node
      const presence = presenceOf(view, self, id)
      return { number: numberOf(name), presence, role, term, lastIndex: node.log.lastIndex, commitIndex, lastApplied }
    })
}

/** @param by who tells it; heard only from a voter */
export function withStandings(
  view: ClusterView,
  self: NodeId,
  by: NodeId,
  standings: readonly Standing[],
): ClusterView {
  const { members, voters, oldVoters } = currentConfiguration(view)
  const votes = (id: NodeId): boolean => voters.includes(id) || oldVoters.includes(id)
  if (!votes(by)) return view
  const linked = view.nodes.get(self)?.linked ?? []
  const byNumber = new Map(members.map(({ id, name }) => [numberOf(name), id]))
  const nodes = new Map(view.nodes)
  let changed = false
  for (const standing of standings) {
    const id = byNumber.get(standing.number)
    if (id === undefined || id === self || votes(id) || linked.includes(id)) continue
    const before = nodes.get(id)
    const after = standingNode(before ?? unheardNode(id), by, standing)
    if (before === after) continue
    nodes.set(id, after)
    changed = true
  }
  return changed ? { ...view, nodes } : view
}

/** A goodbye that `by` passed on: of tabs only, for of others it does not know what they are. */
export function withFarewell(view: ClusterView, by: NodeId, id: NodeId): ClusterView {
  const node = view.nodes.get(id)
  if (node === undefined || node.heard) return view
  return { ...view, nodes: new Map(view.nodes).set(id, { ...node, told: { by, presence: 'closed' } }) }
}

/**
 * Those who vote and have a link to `node`, as they tell themselves: who tells nothing, as an edge node, tells nothing of others.
 *
 * @param self one of them
 */
export function tellersOf(view: ClusterView, self: NodeId, node: NodeId, voters: readonly NodeId[]): readonly NodeId[] {
  const isLinked = (a: NodeId, b: NodeId): boolean => view.nodes.get(a)?.linked.includes(b) === true
  return voters.filter(voter => isLinked(voter, node) && (voter === self || isLinked(self, voter)))
}

/**
 * Of those that a node could be told by, the one that tells it: every voter comes to the same, and when one comes or goes,
 * few others have to be told by another.
 */
export function tellerOf(node: NodeId, voters: readonly NodeId[]): NodeId | undefined {
  const weight = (voter: NodeId): number => hashOf(`${voter} ${node}`)
  return voters.toSorted((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1))[0]
}

function standingNode(before: NodeView, by: NodeId, standing: Standing): NodeView {
  const { presence, role, term, lastIndex, commitIndex, lastApplied } = standing
  const life = presence === 'crashed' ? 'crashed' : presence === 'closed' ? 'stopped' : 'running'
  const { told } = before
  const isSame =
    told?.by === by &&
    told.presence === presence &&
    before.life === life &&
    before.role === role &&
    before.term === term &&
    before.log.lastIndex === lastIndex &&
    before.commitIndex === commitIndex &&
    before.lastApplied === lastApplied
  if (isSame) return before
  // Entries are not told: how far the log goes is.
  const log = before.log.lastIndex === lastIndex ? before.log : logFromDisk(lastIndex, 0, [])
  return {
    ...unheardNode(before.id),
    heard: true,
    life,
    role,
    term,
    log,
    commitIndex,
    lastApplied,
    told: { by, presence },
  }
}

const numberOf = (name: string): number => Number(name.slice(1))

function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  // FNV alone leaves texts that end alike close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
