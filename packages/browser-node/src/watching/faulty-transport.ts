/**
 * A transport in bad surroundings. Over a cut nothing goes, and its link looks as before; of a node that is offline all links are
 * down, at its own end: the others hear nothing more of it, as of one whose cable was pulled.
 */
import type { Keyed, Lane, Membership, Obstacle, OpenOptions, Transport, TransportHandler } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'

export interface Surroundings {
  isOffline(): boolean
  isCut(peer: NodeId): boolean
  /** They may be others. Gives the way to stop. */
  onChanged(listener: () => void): () => void
}

export class FaultyTransport implements Transport {
  readonly #inner: Transport
  readonly #surroundings: Surroundings
  #stop = (): void => {}

  constructor(inner: Transport, surroundings: Surroundings) {
    this.#inner = inner
    this.#surroundings = surroundings
  }

  get keyed(): Keyed | undefined {
    return this.#inner.keyed
  }

  open(self: NodeId, handler: TransportHandler, options?: OpenOptions): Promise<void> {
    const { isOffline, isCut, onChanged } = this.#surroundings
    let wasOffline = isOffline()
    this.#stop = onChanged(() => {
      if (wasOffline === isOffline()) return
      wasOffline = isOffline()
      for (const peer of this.#inner.peers()) handler.onPeer(peer, !wasOffline, this.isRelayed(peer))
    })
    const faulty: TransportHandler = {
      onFrame: (from, frame) => isCut(from) || handler.onFrame(from, frame),
      onPeer: (peer, up, relayed) => isOffline() || handler.onPeer(peer, up, relayed),
      onKeyReplaced: () => handler.onKeyReplaced?.(),
      onObstacles: () => handler.onObstacles?.(),
      onBye: peer => isCut(peer) || handler.onBye?.(peer),
    }
    return this.#inner.open(self, faulty, options)
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): void {
    if (!this.#surroundings.isCut(to)) this.#inner.send(to, frame, lane)
  }

  peers(): readonly NodeId[] {
    return this.#surroundings.isOffline() ? [] : this.#inner.peers()
  }

  knowMembers(membership: Membership): void {
    this.#inner.knowMembers?.(membership)
  }

  isRelayed(peer: NodeId): boolean {
    return this.#inner.isRelayed?.(peer) ?? false
  }

  obstacles(): readonly Obstacle[] {
    return this.#inner.obstacles?.() ?? []
  }

  close(): Promise<void> {
    this.#stop()
    return this.#inner.close()
  }
}
