/** What was said to a client that has not asked yet: so much and no more, because it may never ask. */
import type { NodeId } from '@flotilla/core'
import { MAX_SAID, MAX_SAID_BYTES } from './codec.ts'
import type { NodeMessage, Said } from './message.ts'

export class Hearing {
  private said: Said[] = []
  private gone = new Set<NodeId>()

  /** Something that is too long for a client was meant for somebody else. */
  heard(from: NodeId, payload: Uint8Array): void {
    if (payload.byteLength > MAX_SAID_BYTES) return
    if (this.said.length >= MAX_SAID) this.said.shift()
    this.said.push({ from, payload })
  }

  lost(peer: NodeId): void {
    // What it said before is not to be told after it is gone.
    this.said = this.said.filter(({ from }) => from !== peer)
    if (this.gone.size < MAX_SAID) this.gone.add(peer)
  }

  /** All of it, once; `undefined` if there is nothing. */
  take(): Extract<NodeMessage, { kind: 'heard' }> | undefined {
    const { said, gone } = this
    if (said.length === 0 && gone.size === 0) return undefined
    this.said = []
    this.gone = new Set()
    return { kind: 'heard', said, gone: [...gone] }
  }
}
