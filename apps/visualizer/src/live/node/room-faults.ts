/** How the room's controls act on this tab's node: over cut links nothing goes, and in slow motion links and disks are slow. */
import type { LinkFaults } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { NodeControls } from './live-node.ts'

/** A message's way and a disk's write take part of a heartbeat, as over a real network. Node milliseconds. */
const SLOW_LINK_MS = { least: 30, spread: 30 }
const SLOW_DISK_MS = 15

export class RoomFaults implements LinkFaults {
  readonly #self: () => NodeId | undefined
  #pace: number
  #cuts: ReadonlyMap<NodeId, ReadonlySet<NodeId>>

  /** @param self which node this is by now; none until it is open */
  constructor(controls: NodeControls, self: () => NodeId | undefined) {
    this.#self = self
    this.#pace = controls.pace
    this.#cuts = byEnd(controls.cuts)
  }

  setControls({ pace, cuts }: NodeControls): void {
    this.#pace = pace
    this.#cuts = byEnd(cuts)
  }

  isCut(peer: NodeId): boolean {
    const self = this.#self()
    return self !== undefined && this.#cuts.get(self)?.has(peer) === true
  }

  delayMs(): number {
    return this.#pace === 1 ? 0 : SLOW_LINK_MS.least + Math.random() * SLOW_LINK_MS.spread
  }

  persistDelayMs(): number {
    return this.#pace === 1 ? 0 : SLOW_DISK_MS
  }
}

function byEnd(cuts: NodeControls['cuts']): ReadonlyMap<NodeId, ReadonlySet<NodeId>> {
  const ends = new Map<NodeId, Set<NodeId>>()
  const add = (one: NodeId, other: NodeId): void => {
    ends.set(one, (ends.get(one) ?? new Set()).add(other))
  }
  for (const [a, b] of cuts) {
    add(a, b)
    add(b, a)
  }
  return ends
}
