/** Signalling between the tabs of one browser: a BroadcastChannel, so no server. */
import type { NodeId } from '@flotilla/core'
import {
  assertSignalLength,
  type Broadcast,
  MAX_SIGNAL_LENGTH,
  type Signaling,
  type SignalingHandler,
} from './signaling.ts'

export function broadcastChannelSignaling(room: string): Signaling {
  const name = `flotilla/signaling/${room}`
  let channel: BroadcastChannel | undefined
  let left = false

  return {
    async join(self: NodeId, { onSignal }: SignalingHandler): Promise<void> {
      if (left || channel !== undefined) throw new Error('a room is joined once')
      channel = new BroadcastChannel(name)
      // The event is untyped on purpose: any script of the origin can post anything here.
      channel.onmessage = ({ data }: { readonly data: unknown }) => {
        const text = textFor(self, data)
        if (text !== undefined && !left) onSignal(text)
      }
    },
    send(text: string, to?: NodeId): void {
      assertSignalLength(text)
      if (!left) channel?.postMessage([to ?? null, text])
    },
    asBroadcast: (text: string): Broadcast => ({ channel: name, message: [null, text] }),
    leave(): void {
      left = true
      channel?.close()
    },
  }
}

/** The text of a message `[to, text]` that is for `self`. */
function textFor(self: NodeId, data: unknown): string | undefined {
  if (!Array.isArray(data) || data.length !== 2) return undefined
  const [to, text]: readonly unknown[] = data
  if (to !== null && to !== self) return undefined
  return typeof text === 'string' && text.length <= MAX_SIGNAL_LENGTH ? text : undefined
}
