/**
 * Tells the other nodes of the room, for whoever watches there, what this node does. Who asked is told for a few seconds, and asks
 * again; between two questions it is told so much and no more, because nobody says how fast it hears.
 */
import type { Cancel, Clock, Cluster } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { Teller } from './teller.ts'
import { decodeBetweenNodes, encodeBetweenNodes } from './telling.ts'

export type TellingNode = Pick<Cluster<never, never>, 'id' | 'on' | 'observe' | 'watch'>

/** Long enough for two questions to be lost. */
const LEASE_MS = 10_000
const EVERY_MS = 100
const MAX_BYTES_A_LEASE = 4 << 20
const MAX_WATCHING = 16

interface Watching {
  readonly teller: Teller
  until: number
  bytesLeft: number
}

/** Until the way to stop that this gives is gone. */
export function tellPeers(node: TellingNode, clock: Clock): () => void {
  const watching = new Map<NodeId, Watching>()
  let cancel: Cancel | undefined

  const forget = (peer: NodeId): void => {
    watching.get(peer)?.teller.stop()
    watching.delete(peer)
  }
  const asked = (peer: NodeId, isNew: boolean): void => {
    if (!watching.has(peer) && watching.size >= MAX_WATCHING) return
    const known = watching.get(peer) ?? { teller: new Teller(node, later), until: 0, bytesLeft: 0 }
    if (isNew || known.bytesLeft <= 0) known.teller.stop()
    known.until = clock.now() + LEASE_MS
    known.bytesLeft = MAX_BYTES_A_LEASE
    watching.set(peer, known)
    later()
  }
  const later = (): void => {
    cancel ??= clock.setTimer(clock.now() + EVERY_MS, () => {
      cancel = undefined
      for (const [peer, { until }] of [...watching]) if (until <= clock.now()) forget(peer)
      for (const [peer, who] of watching) if (who.bytesLeft > 0) tell(peer, who)
    })
  }
  const tell = (peer: NodeId, who: Watching): void => {
    for (const bytes of who.teller.take()) {
      who.bytesLeft -= bytes.byteLength
      node.observe(encodeBetweenNodes({ kind: 'telling', bytes }), peer)
    }
    // It is told where this node stands when it asks again.
    if (who.bytesLeft <= 0) who.teller.stop()
  }

  const offs = [
    node.on('observe', ({ from, payload }) => {
      const message = decodeBetweenNodes(payload)
      if (message?.kind === 'watch' && from !== node.id) asked(from, message.isNew)
    }),
    node.on('peer', ({ peer, up }) => {
      if (!up) forget(peer)
    }),
  ]
  return () => {
    for (const off of offs) off()
    for (const peer of [...watching.keys()]) forget(peer)
    cancel?.()
  }
}
