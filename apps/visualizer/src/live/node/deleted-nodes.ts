/** What this browser has of a cluster that was given up: no node of it can ever take part in the room again. */
import { ClusterError, type RoomStorage } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'

/**
 * Deletes the database of `self`, and of every node of the cluster that no tab drives: a tab that is opened next would take one of those
 * up, and be left behind as well. Rejects with `StorageFailed` if that of `self` stays.
 */
export function deleteNodesOf(cluster: string, self: NodeId, shelf: RoomStorage): Promise<void> {
  return shelf.exclusively(async () => {
    try {
      if (!(await shelf.remove(self))) throw new Error(`the node ${self} is being driven`)
      for (const { nodeId, clusterId } of (await shelf.survey()).nodes)
        if (clusterId === cluster) await shelf.remove(nodeId)
    } catch (cause) {
      throw new ClusterError('StorageFailed', 'the database cannot be deleted', { cause })
    }
  })
}
