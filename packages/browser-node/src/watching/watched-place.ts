/** At the place of a node that is watched: its trace goes out, and the faults that its page asks for come in. */
import type { ClusterOptions, LinkFaults, Transport } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { SignalingWay } from '@flotilla/webrtc-transport'
import { FaultySignaling } from './faulty-signaling.ts'
import { FaultyTransport } from './faulty-transport.ts'
import type { NodeFaults } from './watcher.ts'

/** Events are told together: one message each would be more work than what they tell of. */
const TELL_EVERY_MS = 20

export class WatchedPlace {
  #faults: NodeFaults
  #cut: ReadonlySet<NodeId>
  readonly #tell: (events: readonly TraceEvent[]) => void
  readonly #changed = new Set<() => void>()
  #untold: TraceEvent[] = []

  constructor(faults: NodeFaults, tell: (events: readonly TraceEvent[]) => void) {
    this.#faults = faults
    this.#cut = new Set(faults.cut)
    this.#tell = tell
  }

  setFaults(faults: NodeFaults): void {
    this.#faults = faults
    this.#cut = new Set(faults.cut)
    for (const changed of this.#changed) changed()
    this.#flush()
  }

  /** For `openCluster`, together with the transport that it would have without. */
  options(
    transport: (room: string) => Transport,
  ): Pick<ClusterOptions<never, never>, 'transport' | 'faults' | 'onTrace'> {
    return {
      transport: room => new FaultyTransport(transport(room), this.#surroundings),
      faults: this.#linkFaults,
      onTrace: event => this.#note(event),
    }
  }

  readonly signaling =
    (way: SignalingWay): SignalingWay =>
    room =>
      new FaultySignaling(way(room), this.#surroundings)

  /** These are what the trace tells of; the transport drops besides what knows no faults, such as presence. */
  readonly #linkFaults: LinkFaults = {
    isCut: peer => this.#surroundings.isCut(peer),
    delayMs: () => this.#faults.delayMs,
    persistDelayMs: () => 0,
  }

  readonly #surroundings = {
    isOffline: (): boolean => this.#faults.offline,
    isCut: (peer: NodeId): boolean => this.#faults.offline || this.#cut.has(peer),
    onChanged: (listener: () => void): (() => void) => {
      this.#changed.add(listener)
      return () => this.#changed.delete(listener)
    },
  }

  #note(event: TraceEvent): void {
    if (this.#untold.push(event) > 1) return
    setTimeout(() => this.#flush(), TELL_EVERY_MS)
  }

  #flush(): void {
    if (this.#untold.length > 0) this.#tell(this.#untold.splice(0))
  }
}
