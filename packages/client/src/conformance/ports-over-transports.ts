/** Ports between a client that is no member and a node, over transports: for whoever holds a transport of their own to what clients need of it. */
import type { NewIdentity, Transport } from '@flotilla/cluster'
import { until } from '@flotilla/cluster/conformance'
import type { NodeId } from '@flotilla/core'
import type { Port } from '../port.ts'
import { decodeWayFrame, encodeWayFrame } from '../remote/way-frame.ts'
import { WayPort } from '../remote/way-port.ts'

export interface Site {
  /** Not yet open. */
  readonly transport: Transport
  readonly identity: NewIdentity
}

/** Both ends, once the two are linked; what is sent there goes as frames from one transport to the other. */
export async function portsOverTransports(client: Site, node: Site): Promise<readonly [Port, Port]> {
  const [ofClient, ofNode] = [new End(client, node.identity.nodeId), new End(node, client.identity.nodeId)]
  await node.transport.open(node.identity.nodeId, ofNode, { keys: node.identity.keys })
  node.transport.knowMembers?.({ members: [node.identity.nodeId], voters: [node.identity.nodeId] })
  await client.transport.open(client.identity.nodeId, ofClient, { keys: client.identity.keys })
  await until(() => ofClient.isLinked && ofNode.isLinked, 'client and node are linked')
  return [ofClient.port, ofNode.port]
}

class End {
  isLinked = false
  readonly port: WayPort
  private readonly peer: NodeId

  constructor({ transport }: Site, peer: NodeId) {
    this.peer = peer
    this.port = new WayPort({
      port: 1,
      maxWaitingBytes: Number.POSITIVE_INFINITY,
      send: frame => transport.send(peer, encodeWayFrame(frame), 'normal'),
      onEnd: () => {},
    })
  }

  readonly onPeer = (peer: NodeId, up: boolean): void => {
    if (peer === this.peer) this.isLinked = up
  }

  readonly onFrame = (from: NodeId, bytes: Uint8Array): void => {
    const decoded = decodeWayFrame(bytes)
    if (from !== this.peer || !decoded.ok) return
    const { value } = decoded
    if (value.kind === 'part' || value.kind === 'taken' || value.kind === 'end') this.port.receive(value)
  }
}
