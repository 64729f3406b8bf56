/**
 * At a node, for one client that watches: this node's trace, and those of the others, which are asked for theirs. The client fetches,
 * and says again and again that it watches: with it ends what is asked
 * of the others.
 */
import type { Cluster } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Seen } from '../message.ts'
import { Teller } from './teller.ts'
import { decodeBetweenNodes, encodeBetweenNodes, MAX_TELLING_BYTES } from './telling.ts'

export type ShownNode = Pick<Cluster<never, never>, 'observe' | 'watch'> & { status(): { readonly id: NodeId } }

/** Tellings in one message. */
const MAX_TAKEN = 1_000
/** Of what others told, until it is fetched. */
const MAX_KEPT_BYTES = 4 << 20

export class Show {
  private readonly node: ShownNode
  private readonly own: Teller
  private told: Seen[] = []
  private keptBytes = 0
  /** The others are to be asked where they stand. */
  private isNew = true
  private isOn = false

  /** @param news there is something to take */
  constructor(node: ShownNode, news: () => void) {
    this.node = node
    // What happens is told in the middle of Raft's work, which is not to wait for us.
    let isNoted = false
    this.own = new Teller(node, () => {
      if (isNoted) return
      isNoted = true
      queueMicrotask(() => {
        isNoted = false
        news()
      })
    })
  }

  /** The client watches, for some time still. @param isNew it has seen nothing yet, or has to begin anew */
  watched(isNew: boolean): void {
    if (isNew) this.forget()
    this.isOn = true
    this.node.observe(encodeBetweenNodes({ kind: 'watch', isNew: this.isNew }))
    this.isNew = false
  }

  /** Another node is there. */
  linked(peer: NodeId): void {
    if (this.isOn) this.node.observe(encodeBetweenNodes({ kind: 'watch', isNew: true }), peer)
  }

  /** Something came from another node. Says whether it is something to take. */
  heard(from: NodeId, payload: Uint8Array): boolean {
    const message = decodeBetweenNodes(payload)
    if (message?.kind !== 'telling' || !this.isOn || this.isNew) return false
    this.told.push({ from, telling: message.bytes })
    this.keptBytes += message.bytes.byteLength
    if (this.keptBytes > MAX_KEPT_BYTES) this.forget()
    return true
  }

  /** As much as a message holds, in order; nothing if there is nothing. */
  take(): readonly Seen[] {
    if (!this.isOn) return []
    const { id } = this.node.status()
    for (const telling of this.own.take()) this.told.push({ from: id, telling })
    let bytes = 0
    let count = 0
    for (const { telling } of this.told) {
      bytes += telling.byteLength
      if (count > 0 && (bytes > MAX_TELLING_BYTES || count === MAX_TAKEN)) break
      count++
    }
    const taken = this.told.splice(0, count)
    this.keptBytes = this.told.reduce((sum, { telling }) => sum + telling.byteLength, 0)
    return taken
  }

  stop(): void {
    this.isOn = false
    this.forget()
  }

  /** All of it is to be told anew. */
  private forget(): void {
    this.own.stop()
    this.told = []
    this.keptBytes = 0
    this.isNew = true
  }
}
