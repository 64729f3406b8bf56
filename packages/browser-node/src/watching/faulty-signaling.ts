/** A way by which peers find each other, and that a node that is offline does not have. */
import type { NodeId } from '@flotilla/core'
import type { Signaling, SignalingHandler } from '@flotilla/webrtc-transport'
import type { Surroundings } from './faulty-transport.ts'

export class FaultySignaling implements Signaling {
  readonly present?: () => Promise<readonly NodeId[] | undefined>
  readonly relay?: (message: Uint8Array<ArrayBuffer>, to: NodeId) => boolean
  readonly #inner: Signaling
  readonly #surroundings: Pick<Surroundings, 'isOffline' | 'onChanged'>
  #stop = (): void => {}

  constructor(inner: Signaling, surroundings: Pick<Surroundings, 'isOffline' | 'onChanged'>) {
    this.#inner = inner
    this.#surroundings = surroundings
    const { isOffline } = surroundings
    // That a way has no such method says something.
    if (inner.present) this.present = async () => (isOffline() ? undefined : inner.present?.())
    if (inner.relay) this.relay = (message, to) => !isOffline() && inner.relay?.(message, to) === true
  }

  get isLost(): boolean {
    return this.#surroundings.isOffline() || this.#inner.isLost === true
  }

  get unreached(): string | undefined {
    return this.#inner.unreached
  }

  join(self: NodeId, handler: SignalingHandler): Promise<void> {
    const { isOffline, onChanged } = this.#surroundings
    let wasOffline = isOffline()
    this.#stop = onChanged(() => {
      if (wasOffline === isOffline()) return
      wasOffline = isOffline()
      if (wasOffline) handler.onLost?.()
      else handler.onReturn()
    })
    return this.#inner.join(self, {
      onSignal: text => isOffline() || handler.onSignal(text),
      onReturn: () => isOffline() || handler.onReturn(),
      onLost: () => handler.onLost?.(),
      onRelayed: message => isOffline() || handler.onRelayed?.(message),
    })
  }

  send(text: string, to?: NodeId): void {
    if (!this.#surroundings.isOffline()) this.#inner.send(text, to)
  }

  leave(): void {
    this.#stop()
    this.#inner.leave()
  }
}
