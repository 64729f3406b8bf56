/** What shared state stands on: a node in this page, or the client of one that runs elsewhere. */
import type { Client, NodeStatus } from '@flotilla/client'
import type { Cluster, ClusterError, Committed, ProposeOptions, ReadOptions } from '@flotilla/cluster'
import type { StateCommand } from './command.ts'
import type { Leftovers } from './failures.ts'
import type { Applied } from './machine-copy.ts'
import type { Submission } from './pending.ts'
import type { PresenceLink } from './presence.ts'

export interface RoomNode {
  /** Brings a command to the log, once. */
  submit(command: StateCommand): Submission
  /** As `Cluster.read`: runs `query` when the machines are as fresh as asked for. */
  read<T>(query: () => T, options?: ReadOptions): Promise<T>
  /** The machines have applied everything up to this index. Gives the way to stop. */
  onApplied(listener: (index: number) => void): () => void
  /** `undefined` before anything is known. */
  status(): NodeStatus | undefined
  isReachable(): boolean
  /** Why nothing more comes from the node, now or ever; `undefined` while it goes on. */
  ended?(): ClusterError | undefined
  /** One of these may be another. Gives the way to stop. */
  onStatus(listener: () => void): () => void
  /** The way of what is in no log. */
  readonly presence: PresenceLink
  /** What an outbox could not bring to the log. */
  readonly leftovers?: Leftovers
}

/** A node in this page, opened with the machines. */
export function nodeHere(cluster: Cluster<StateCommand, Applied>): RoomNode {
  return {
    ...proposing(cluster),
    onApplied: listener => cluster.on('applied', ({ index }) => listener(index)),
    status: () => cluster.status(),
    isReachable: () => true,
    onStatus: listener => cluster.on('status', listener),
    presence: {
      tell: payload => cluster.observe(payload),
      onTold: listener => cluster.on('observe', ({ from, payload }) => listener(from, payload)),
      onGone: listener =>
        cluster.on('peer', ({ peer, up }) => {
          if (!up) listener(peer)
        }),
    },
  }
}

/** A node elsewhere, of which the machines are a copy. */
export function nodeElsewhere(client: Client<StateCommand, unknown>): RoomNode {
  return {
    ...proposing(client),
    onApplied: listener => client.on('applied', ({ index }) => listener(index)),
    status: () => client.status(),
    isReachable: () => client.isReachable,
    ended: () => client.ended,
    onStatus: listener => {
      const stops = [client.on('status', listener), client.on('reachable', listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },
    presence: {
      tell: payload => client.say(payload),
      onTold: listener => client.on('said', ({ from, payload }) => listener(from, payload)),
      onGone: listener => client.on('gone', listener),
    },
  }
}

interface Proposer {
  propose(command: StateCommand, options?: ProposeOptions): Promise<Committed<unknown>>
  read<T>(query: () => T, options?: ReadOptions): Promise<T>
}

/** Days: a change waits for its majority as long as the page is open. Timers do not run longer than 24 of them. */
const PATIENCE_MS = 20 * 24 * 60 * 60 * 1000

/** Without an outbox a change is `saved` only when it is committed, and is lost with the page before that. */
function proposing(proposer: Proposer): Pick<RoomNode, 'submit' | 'read'> {
  return {
    submit: command => {
      const committed = proposer
        .propose(command, { timeoutMs: PATIENCE_MS })
        .then(({ index, term }) => ({ index, term }))
      return { committed, saved: committed.then(() => undefined) }
    },
    read: (query, options) => proposer.read(query, options),
  }
}
