/** The node itself, wherever it runs: a cluster node on this browser's disk, and whoever is served by it. */
import { FollowedMachine, type Port, serve, serveClients, tellPeers } from '@flotilla/client'
import { type Clock, type Cluster, type ClusterOptions, openCluster } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Connections } from '@flotilla/webrtc-transport'
import type { DrivenNode } from './household/household.ts'
import type { NodeProgram, NodeSettings, Ways } from './program.ts'
import { Recovery } from './recovery.ts'
import type { WatchedPlace } from './watching/watched-place.ts'

/** What of a browser its node stands on. */
export interface NodesGround {
  readonly clock: Clock
  /** Where the node is not to see to these itself. */
  readonly given: Pick<ClusterOptions<never, never>, 'clock' | 'random' | 'randomBytes' | 'onTrace' | 'maxSessions'>
  /** `byForce`: from whoever has not let go of it. */
  storage(byForce: boolean): ClusterOptions<never, never>['storage']
  /** By which nodes find and reach each other, unless the program has ways of its own. */
  ways(
    settings: NodeSettings,
    connections: Connections | undefined,
    isSettled: () => boolean,
    watched: WatchedPlace | undefined,
  ): Promise<Ways>
}

export interface DrivenNodeOptions<Command, Result> {
  readonly program: NodeProgram<Command, Result>
  readonly settings: NodeSettings
  readonly ground: NodesGround
  readonly connections: Connections | undefined
  readonly preferredNode: NodeId | undefined
  /** Where somebody watches. */
  readonly watched: WatchedPlace | undefined
  /** Its database is gone for good, or somebody else's: whoever wants a node opens another. */
  readonly lost: () => void
}

export async function openDrivenNode<Command, Result>({
  program,
  settings,
  ground,
  connections,
  preferredNode,
  watched,
  lost,
}: DrivenNodeOptions<Command, Result>): Promise<ClusterInHere> {
  let opened: Cluster<Command, Result> | undefined
  const isSettled = (): boolean => opened?.status().clusterId !== undefined
  const ways = await (program.ways?.(settings, connections) ?? ground.ways(settings, connections, isSettled, watched))
  const { raft, autopilot, priority, openTimeoutMs, nodes } = settings
  const machine = new FollowedMachine(program.machine())
  const cluster = await openCluster<Command, Result>({
    ...ground.given,
    ...ways,
    storage: ground.storage(nodes !== 'perTab'),
    machine,
    preferredNode,
    // What is stored here can be read, whoever can be reached.
    whenUnreachable: 'run',
    ...(raft && { raft }),
    ...(autopilot && { autopilot }),
    ...(priority !== undefined && { priority }),
    ...(openTimeoutMs !== undefined && { openTimeoutMs }),
    ...(program.describe && { describe: program.describe }),
    ...watched?.options(ways.transport),
  })
  opened = cluster
  // Until the node is gone; it tells nothing to nobody.
  tellPeers(cluster, ground.clock)
  serveClients(cluster, machine, ground.clock)
  return new ClusterInHere(cluster, port => serve(cluster, machine, port, { clock: ground.clock }), lost, ground.clock)
}

type Served = Pick<
  Cluster<never, never>,
  'id' | 'status' | 'on' | 'goodbye' | 'resume' | 'setVisible' | 'crash' | 'close' | 'restart'
>

export class ClusterInHere implements DrivenNode {
  readonly cluster: Served
  readonly serve: (port: Port) => () => void
  readonly #recovery: Recovery

  constructor(cluster: Served, serve: (port: Port) => () => void, lost: () => void, clock: Clock) {
    this.cluster = cluster
    this.serve = serve
    this.#recovery = new Recovery(cluster, lost, clock)
  }

  close(): Promise<void> {
    this.#recovery.stop()
    return this.cluster.close()
  }

  abandon(): Promise<void> {
    this.#recovery.stop()
    this.cluster.crash()
    return this.cluster.close()
  }
}
