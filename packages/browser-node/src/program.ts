/**
 * What an application gives to its node, wherever that runs: the same module is imported by the page and by the worker, and
 * everything that differs from room to room goes from one to the other as plain data.
 */
import type { ClusterOptions, StateMachine } from '@flotilla/cluster'
import type { Connections } from '@flotilla/webrtc-transport'

export interface NodeProgram<
  Command,
  Result,
  Machine extends StateMachine<Command, Result> = StateMachine<Command, Result>,
> {
  /** A machine that has seen nothing yet: the node's own, and each page's copy. The same code, or the copies differ. */
  readonly machine: () => Machine
  /** What a command says, in few words, for traces. */
  readonly describe?: (command: Command) => string
  /** How nodes find and reach each other. By default as the settings say, by WebRTC. */
  readonly ways?: (settings: NodeSettings, connections: Connections | undefined) => Ways | Promise<Ways>
}

/** What a node needs to get to the others. */
export type Ways = Pick<ClusterOptions<never, never>, 'room' | 'transport' | 'newIdentity' | 'meet'>

/** Plain data: it is cloned on its way into a worker. */
export interface NodeSettings
  extends Pick<ClusterOptions<never, never>, 'room' | 'raft' | 'autopilot' | 'priority' | 'openTimeoutMs'> {
  /**
   * `perBrowser` (default): the tabs of one browser share one disk, so they are one node, driven by one of them; closing tabs locks
   * nobody out. `perTab`: every tab is a node, for teaching and tests.
   */
  readonly nodes?: 'perBrowser' | 'perTab'
  /** A leader whose tab is hidden hands over to a voter that can be seen. Default: false. */
  readonly yieldWhenHidden?: boolean
  /** Closes the room to whoever does not have it (`newRoomSecret`). */
  readonly secret?: string
  /**
   * Whether this page may make the room, where it finds nobody of it. `false` for whoever was invited into one that is there: it waits
   * for somebody, or a moment in which nobody can be reached ends in two rooms of one name. Default: true.
   */
  readonly founds?: boolean
  /** Of signalling servers, beside the BroadcastChannel that reaches the tabs of this browser. */
  readonly signalingUrls?: readonly string[]
  readonly iceServers?: readonly RTCIceServer[]
  readonly iceTransportPolicy?: RTCIceTransportPolicy
}
