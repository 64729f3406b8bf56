/**
 * Which links a node wants. In a small room everybody has one to everybody. In a room of many the voters have: they are
 * few, and whoever leads replicates to all. Everybody else has links to the voters, and to two others beside itself on a ring of
 * all who do not vote, so that nobody is alone while the voters are gone.
 *
 * Who goes by the same members and sees the same nodes present agrees: one end wants a link if and only if the other does.
 * A transport holds a link for as long as either end wants it, so it does no harm if they see different things for a while.
 */
import type { NodeId } from '@flotilla/core'
import { isClientId } from './client-way.ts'

/** Who belongs to the room, as a node knows it. */
export interface Membership {
  readonly members: readonly NodeId[]
  /** Those of the joint configuration, too, while one is under way. */
  readonly voters: readonly NodeId[]
}

/** Up to so many everybody is linked to everybody: eight links each. */
export const FULL_MESH_NODES = 9
/** So many of those who do not vote answer clients that are no members. */
export const ANSWERING_LEARNERS = 4
/** Who belongs nowhere yet does not know who votes; the voters will look for it. Until then, so many others have to do. */
export const UNADMITTED_LINKS = 8

/** @param present who else is there, in the order in which they came; this node may be among them */
export function wantedLinks(self: NodeId, membership: Membership, present: Iterable<NodeId>): ReadonlySet<NodeId> {
  if (isClientId(self)) return linksOfClient(membership, present)
  const [clients, others] = [new Set<NodeId>(), new Set<NodeId>()]
  for (const id of present) (isClientId(id) ? clients : others).add(id)
  others.delete(self)
  const wanted = wantedNodes(self, membership, others)
  return answersClients(self, membership, others) ? new Set([...wanted, ...clients]) : wanted
}

/** Whoever votes; and some who do not, for those who vote may only carry the room without understanding it. */
function answersClients(self: NodeId, { members, voters }: Membership, others: ReadonlySet<NodeId>): boolean {
  if (voters.includes(self)) return true
  const learners = members.filter(id => (id === self || others.has(id)) && !voters.includes(id)).sort()
  return learners.slice(0, ANSWERING_LEARNERS).includes(self)
}

/** A client says by `members` which nodes it has chosen; until it has, any will do. */
function linksOfClient({ members }: Membership, present: Iterable<NodeId>): ReadonlySet<NodeId> {
  const nodes = [...present].filter(id => !isClientId(id))
  return new Set(members.length === 0 ? nodes : nodes.filter(id => members.includes(id)))
}

function wantedNodes(self: NodeId, membership: Membership, others: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  const { members, voters } = membership
  if (members.length === 0) return new Set([...others].slice(0, UNADMITTED_LINKS))
  const isSmall = members.length <= FULL_MESH_NODES && others.size < FULL_MESH_NODES
  if (isSmall || voters.includes(self)) return others

  const wanted = new Set(voters.filter(id => others.has(id)))
  for (const id of besideOnRing(self, membership, others)) wanted.add(id)
  return wanted
}

/** The one before and the one after, among the members that are here and do not vote; nobody for who is no member. */
function besideOnRing(self: NodeId, { members, voters }: Membership, others: ReadonlySet<NodeId>): readonly NodeId[] {
  if (!members.includes(self)) return []
  const ring = members.filter(id => (id === self || others.has(id)) && !voters.includes(id)).sort()
  const place = ring.indexOf(self)
  const beside = [ring.at(place - 1), ring[(place + 1) % ring.length]]
  return beside.filter((id): id is NodeId => id !== undefined && id !== self)
}
