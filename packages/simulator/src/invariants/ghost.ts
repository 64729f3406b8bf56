/**
 * The history that no node knows: who led which term, who voted for whom, what was committed and by whom.
 *
 * Written by the checker (checker.ts) after the invariants have seen an observation, and read by them.
 */
import type { NodeId, PersistUnit, Snapshot } from '@flotilla/core'
import { Memory } from './memory.ts'
import type { PlacedConfiguration } from './shadow-log.ts'
import { ShadowLog } from './shadow-log.ts'
import { NodeView } from './view.ts'

export interface Leadership {
  readonly term: number
  readonly node: NodeView
  readonly incarnation: number
  /** Its log: as it was when elected, and what it has appended since. */
  readonly log: ShadowLog
}

export class Ghost {
  readonly nodes = new Map<NodeId, NodeView>()
  /** By term. */
  readonly leaders = new Map<number, Leadership>()
  latestLeaderTerm = 0
  /** Everything up to here has been committed by some leader. */
  commit = 0
  /** Of each committed entry, by index: its term, the prefix hash, and the term of the leader that committed it. */
  readonly terms: number[] = [0]
  readonly hashes: number[] = [0]
  readonly commitTerms: number[] = [0]
  /** Virtual milliseconds, as of the present event. */
  now = 0
  /** How many messages had been sent before the latest step. */
  messages = 0
  /** And now. */
  messagesSoFar: () => number = () => this.messages
  /** What a node's own clock shows now. */
  readClock: (id: NodeId) => number = () => this.now
  /** Committed configurations, oldest first. */
  readonly configurations: PlacedConfiguration[] = []
  /** The digest of the state machine after each index, by whoever applied it first. */
  readonly digests: (number | undefined)[] = []
  readonly memory = new Memory()

  view(id: NodeId): NodeView {
    let view = this.nodes.get(id)
    if (view === undefined) {
      view = new NodeView(id)
      this.nodes.set(id, view)
    }
    return view
  }

  /** The configuration that was committed last at or before `index`. */
  configurationAt(index: number): PlacedConfiguration | undefined {
    for (let i = this.configurations.length - 1; i >= 0; i--) {
      const placed = this.configurations[i]
      if (placed !== undefined && placed.index <= index) return placed
    }
    return undefined
  }

  lead(node: NodeView, term: number): void {
    const log = new ShadowLog()
    log.copyFrom(node.log)
    this.leaders.set(term, { term, node, incarnation: node.incarnation, log })
    if (term > this.latestLeaderTerm) this.latestLeaderTerm = term
  }

  /** The hash is of what was committed there, not of what this log had: a conflicting log is what a snapshot replaces. */
  compact(log: ShadowLog, { index, term, configuration }: Snapshot): void {
    log.compact(index, term, this.hashes[index] ?? 0, configuration)
  }

  /** The node's disk takes this unit. Says what is wrong where an entry does not follow what the disk holds. */
  write(
    node: NodeView,
    { hardState, snapshot, truncateFrom, entries }: PersistUnit,
    hashes: readonly number[],
  ): string | undefined {
    const { id, durable } = node
    if (hardState !== undefined) {
      node.durableTerm = hardState.currentTerm
      node.durableVote = hardState.votedFor
    }
    if (snapshot !== undefined) this.compact(durable, snapshot)
    if (truncateFrom > 0) durable.truncate(truncateFrom)
    let i = 0
    for (const entry of entries) {
      if (entry.index !== durable.last + 1)
        return `${id} writes entry ${entry.index} to a disk that ends at ${durable.last}`
      durable.append(entry, hashes[i++] ?? 0)
    }
    return undefined
  }

  /** What `log` holds up to `to` is committed, by a leader of `term`. */
  extendCommit(log: ShadowLog, to: number, term: number): void {
    for (let index = this.commit + 1; index <= to; index++) {
      this.terms[index] = log.termAt(index)
      this.hashes[index] = log.hashAt(index) ?? 0
      this.commitTerms[index] = term
    }
    for (const placed of log.configurations) {
      if (placed.index > this.commit && placed.index <= to) this.configurations.push(placed)
    }
    this.commit = to
  }
}
