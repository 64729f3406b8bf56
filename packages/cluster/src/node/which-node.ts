/**
 * Which node of this device a tab should be. What the disks say decides, not their age: a room whose tabs were closed one by
 * one lives on in the node that was closed last, and only a voter of the latest configuration can bring it back. Pure.
 */
import { type Configuration, emptyConfiguration, isMember, isOnlyVoter, isVoter, type NodeId } from '@flotilla/core'
import type { StoredNode } from '../storage.ts'

/**
 * Voters first, then other members, then those who were members once, and last those whom no cluster ever let in. Among equals
 * the preferred one, then whose log is the most up-to-date (§5.4.1), then the oldest: any majority of the voters will do, and a
 * reloaded tab should be who it was.
 */
export function inOrderOfNeed(nodes: readonly StoredNode[], preferred: NodeId | undefined): readonly StoredNode[] {
  const place = (node: StoredNode): number => placeOf(node, latestConfiguration(nodes, node.clusterId))
  return nodes.toSorted(
    (a, b) =>
      place(a) - place(b) || Number(b.nodeId === preferred) - Number(a.nodeId === preferred) || compareLogs(b, a),
  )
}

/** Those whose vote is needed, by the latest configuration that any disk here knows, if this node's own is not. */
export function neededMore(nodes: readonly StoredNode[], self: NodeId): readonly StoredNode[] {
  const own = nodes.find(({ nodeId }) => nodeId === self)
  if (own === undefined) return []
  const others = nodes.filter(({ nodeId, clusterId }) => {
    const isOurs = own.clusterId === undefined || clusterId === own.clusterId
    return isOurs && isVoter(latestConfiguration(nodes, clusterId), nodeId)
  })
  return others.some(({ nodeId }) => nodeId === self) ? [] : inOrderOfNeed(others, undefined)
}

/**
 * The other voter of a room of two, if this node is one, by the latest configuration that any disk here knows.
 * `isBetter`: that one can lead where this one cannot, being the only voter as far as it knows, or having the longer log.
 */
export function partnerOf(
  nodes: readonly StoredNode[],
  self: NodeId,
): { readonly id: NodeId; readonly isBetter: boolean } | undefined {
  const own = nodes.find(({ nodeId }) => nodeId === self)
  if (own?.clusterId === undefined) return undefined
  const { voters, oldVoters } = latestConfiguration(nodes, own.clusterId)
  if (voters.length !== 2 || oldVoters.length > 0 || !voters.includes(self)) return undefined
  const other = nodes.find(
    ({ nodeId, clusterId }) => nodeId !== self && clusterId === own.clusterId && voters.includes(nodeId),
  )
  if (other === undefined) return undefined
  const isBetter = isOnlyVoter(other.configuration, other.nodeId) || compareLogs(other, own) > 0
  return { id: other.nodeId, isBetter }
}

/** The longest log's, of those of one cluster. */
function latestConfiguration(nodes: readonly StoredNode[], clusterId: string | undefined): Configuration {
  const ofCluster = nodes.filter(node => clusterId !== undefined && node.clusterId === clusterId)
  return ofCluster.toSorted((a, b) => compareLogs(b, a))[0]?.configuration ?? emptyConfiguration
}

const compareLogs = (a: StoredNode, b: StoredNode): number => a.lastTerm - b.lastTerm || a.lastIndex - b.lastIndex

function placeOf({ nodeId, configuration }: StoredNode, latest: Configuration): number {
  if (isVoter(latest, nodeId)) return 0
  if (isMember(latest, nodeId)) return 1
  return isMember(configuration, nodeId) ? 2 : 3
}
