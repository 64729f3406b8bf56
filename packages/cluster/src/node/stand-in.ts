/**
 * The other voter of a room of two, driven for a moment beside this tab's own node. Its tab said goodbye while the change that
 * made the second one a voter was still under way, and so could not stop counting before it went: neither can be elected without
 * the other, and there is nobody left to drive the other but this tab, in whose browser its database lies free.
 *
 * It is that node, with its disk and its links, and votes and acknowledges as it must; but it never campaigns, it tells nobody what a
 * state machine would say, and as soon as it is not needed to commit that it does not count, it says goodbye again.
 */
import { defaultOptions, type NodeId, type RaftStatus } from '@flotilla/core'
import { ClusterError, type ClusterOptions } from '../api.ts'
import { defaultAutopilot } from '../members/autopilot-options.ts'
import type { Storage } from '../storage.ts'
import { Alarm } from '../time/alarm.ts'
import type { Clock } from '../time/clock.ts'
import { Connection } from './connection.ts'
import { noMachine } from './no-machine.ts'
import { NodeLife } from './node-life.ts'

/** Long enough to be elected with its vote, and to commit without it. If not, another look begins anew. */
const MAX_TIMEOUTS = 12

/** Neither campaigns, nor takes what its machine does not have for a snapshot. */
const neverByItself = {
  electionTimeoutMs: 2 ** 29,
  snapshotThresholdEntries: Number.MAX_SAFE_INTEGER,
  snapshotThresholdBytes: Number.MAX_SAFE_INTEGER,
  trace: false,
}

export interface StandInHost
  extends Pick<ClusterOptions<never, never>, 'room' | 'transport' | 'faults' | 'raft' | 'random'> {
  readonly clock: Clock
  readonly storage: Storage
}

export class StandIn {
  readonly id: NodeId
  readonly #storage: Storage
  readonly #connection: Connection
  readonly #life: NodeLife<never, never>
  readonly #alarm: Alarm
  readonly #ended: () => void
  #hasEnded = false
  #hasSaidGoodbye = false

  constructor(host: StandInHost, ended: () => void) {
    const { storage, clock, faults, raft, random = Math.random } = host
    const { identity, keys } = storage.recovered
    this.id = identity.nodeId
    this.#storage = storage
    this.#ended = ended
    this.#connection = new Connection({
      self: this.id,
      newTransport: () => host.transport(host.room),
      clock,
      keys,
      faults,
      tracing: () => false,
      clusterId: () => identity.clusterId,
      onPeer: (peer, up) => {
        if (up) this.#life.linkUp(peer)
      },
      onMoved: () => undefined,
      onBye: peer => this.#life.members.saidGoodbye(peer),
      hasLeader: () => false,
      changed: () => undefined,
      effects: {
        isAlive: () => !this.#hasEnded,
        hears: from => this.#life.members.hears(from),
        tells: () => false,
        believes: message => this.#life.believes(message),
        // Told to lead it would be a leader that ends at once.
        onMessage: message => {
          if (message.type !== 'TimeoutNow') this.#life.onMessage(message)
        },
        onClientFrame: (from, frame) => {
          // Whatever is asked of a leader, this is none.
          if (frame.kind === 'goodbye') this.#life.onClientFrame(from, frame)
        },
        wasOurs: () => false,
        onLeftBehind: () => undefined,
        onObserve: () => undefined,
        onAdopted: () => undefined,
        onStrangers: () => undefined,
        onIgnored: () => undefined,
        trace: () => undefined,
      },
    })
    const { electionTimeoutMs } = { ...defaultOptions, ...raft }
    this.#life = new NodeLife<never, never>({
      id: this.id,
      storage,
      links: this.#connection.links,
      clock,
      random,
      machine: noMachine,
      raft: { ...defaultOptions, ...raft, ...neverByItself },
      autopilot: defaultAutopilot,
      describe: undefined,
      persistDelayMs: () => faults?.persistDelayMs() ?? 0,
      digestEveryEntries: 0,
      maxSessions: undefined,
      isGuest: false,
      isLasting: false,
      keyed: () => undefined,
      merit: () => ({ priority: 0, visible: false }),
      effects: {
        leaderChanged: () => undefined,
        changed: () => {
          if (this.#life.status.role === 'leader') this.end()
        },
        applied: () => undefined,
        saidGoodbye: () => undefined,
        trace: () => undefined,
        failed: () => this.end(),
      },
    })
    this.#alarm = new Alarm(clock, () => this.end())
    this.#alarm.noLaterThan(clock.now() + MAX_TIMEOUTS * electionTimeoutMs)
    this.#connection.keepOpening()
  }

  /** What the tab's own node is. As soon as that one can commit that this one does not count any more, and when it does not. */
  update({ role, currentTerm, lastTerm, lastIndex, commitIndex, configuration }: RaftStatus): void {
    if (role !== 'leader' || lastTerm !== currentTerm || commitIndex < lastIndex) return
    if (configuration.voters.includes(this.id)) this.#letGo()
    else this.end()
  }

  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#alarm.stop()
    this.#life.stop(new ClusterError('Closed', 'the stand-in is not needed any more'))
    void Promise.all([this.#connection.close(), this.#storage.close()])
      .catch(() => undefined)
      .then(() => this.#ended())
  }

  #letGo(): void {
    if (this.#hasSaidGoodbye) return
    this.#hasSaidGoodbye = true
    this.#life.goodbye()
  }
}
