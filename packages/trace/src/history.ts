/**
 * What a trace has told so far: each node's term, vote, role and log, and what the cluster has committed. Written by the
 * judge after the checks have seen an event, and read by them. It shares nothing with any implementation of Raft.
 */
import type { EntrySummary, NodeId, Role, TraceEvent } from '@flotilla/core'

/** An entry in a log, with the one before it: so the log that ends here can be kept in one reference. */
export interface Placed {
  readonly index: number
  readonly term: number
  readonly text: string
  /** The number of the event that told of it. */
  readonly event: number
  readonly before: Placed | undefined
}

export interface CommittedEntry {
  readonly entry: Placed
  /** The term in which it was committed, which can be later than its own. */
  readonly inTerm: number
  readonly node: NodeId
  readonly event: number
}

export interface Leadership {
  readonly node: NodeId
  readonly term: number
  readonly event: number
  /** The end of its log when it was elected. */
  readonly head: Placed | undefined
}

export interface Vote {
  readonly candidate: NodeId
  readonly event: number
}

export class NodeHistory {
  readonly id: NodeId
  term = 0
  role: Role = 'follower'
  /** The event that last told of its term. */
  termEvent = 0
  commitIndex = 0
  commitEvent = 0
  lastApplied = 0
  /** What its disk is known to hold. */
  disk: { readonly term: number; readonly votedFor: NodeId | undefined } = { term: 0, votedFor: undefined }
  /** Votes it has granted in all its lives, by term. */
  readonly votes = new Map<number, Vote>()
  /** What is before the first known entry is not known: a snapshot holds it, or the trace began later. */
  base = 0
  private readonly entries: Placed[] = []

  constructor(id: NodeId) {
    this.id = id
  }

  get lastIndex(): number {
    return this.base + this.entries.length
  }

  get head(): Placed | undefined {
    return this.entries.at(-1)
  }

  /** undefined where nothing is known. */
  at(index: number): Placed | undefined {
    return this.entries[index - this.base - 1]
  }

  append(told: readonly EntrySummary[], event: number): void {
    const first = told[0]
    if (first === undefined) return
    if (first.index <= this.lastIndex) this.truncate(first.index)
    if (first.index > this.lastIndex + 1 || this.entries.length === 0) this.restart(first.index - 1)
    for (const { index, term, text } of told) this.entries.push({ index, term, text, event, before: this.head })
  }

  truncate(from: number): void {
    if (from <= this.base) this.restart(from - 1)
    else this.entries.length = Math.min(this.entries.length, from - this.base - 1)
  }

  /** A vote that was not on disk at the crash had not left, so it may be given to another. */
  forgetVotesNotOnDisk(): void {
    const { disk } = this
    for (const [term, { candidate }] of this.votes) {
      if (term > disk.term || (term === disk.term && disk.votedFor !== candidate)) this.votes.delete(term)
    }
  }

  /** Starts with a snapshot up to `base`, or empty. */
  restart(base: number): void {
    this.entries.length = 0
    this.base = base
  }
}

export class History {
  readonly nodes = new Map<NodeId, NodeHistory>()
  readonly leaders = new Map<number, Leadership>()
  /** By index. */
  readonly committed: (CommittedEntry | undefined)[] = []
  latestLeaderTerm = 0
  /** Then what a node decided and did not write before it crashed was never said, and is no promise. */
  tellsOfDisks = false
  /** Who votes; undefined where that is not known, or not the same all along. */
  voters: readonly NodeId[] | undefined

  constructor(voters: readonly NodeId[]) {
    this.voters = voters.length > 0 ? voters : undefined
  }

  get majority(): number | undefined {
    return this.voters === undefined ? undefined : Math.floor(this.voters.length / 2) + 1
  }

  node(id: NodeId): NodeHistory {
    let node = this.nodes.get(id)
    if (node === undefined) {
      node = new NodeHistory(id)
      this.nodes.set(id, node)
    }
    return node
  }

  take(event: TraceEvent, number: number): void {
    const node = this.node(event.node)
    switch (event.type) {
      case 'started':
        if (this.tellsOfDisks) node.forgetVotesNotOnDisk()
        node.disk = event
        node.term = event.term
        node.termEvent = number
        node.role = 'follower'
        node.commitIndex = event.snapshotIndex
        node.lastApplied = event.snapshotIndex
        node.restart(event.snapshotIndex)
        node.append(event.entries, number)
        return
      case 'term':
        return this.inTerm(node, event.term, number)
      case 'role':
        this.inTerm(node, event.term, number)
        if (event.role === 'leader' && !this.leaders.has(event.term)) {
          this.leaders.set(event.term, { node: node.id, term: event.term, event: number, head: node.head })
          this.latestLeaderTerm = Math.max(this.latestLeaderTerm, event.term)
        }
        node.role = event.role
        return
      case 'vote':
        if (!event.granted || event.preVote) return
        this.inTerm(node, event.term, number)
        if (!node.votes.has(event.term)) node.votes.set(event.term, { candidate: event.candidate, event: number })
        return
      case 'appended':
        return node.append(event.entries, number)
      case 'truncated':
        return node.truncate(event.from)
      case 'committed':
        this.commit(node, event.index, number)
        return
      case 'applied':
        node.lastApplied = Math.max(node.lastApplied, event.index)
        return
      case 'snapshot':
        this.snapshot(node, event.action === 'installed', event.index, event.term)
        return
      case 'configuration':
        // Who votes depends on when one looks: what needs a majority is not decided any more.
        if (event.stage !== 'committed' && !sameMembers(this.voters, event.configuration.voters))
          this.voters = undefined
        return
      case 'persisting':
        this.tellsOfDisks = true
        return
      case 'durable':
        this.tellsOfDisks = true
        node.disk = event
        return
      case 'crashed':
      case 'stopped':
        node.role = 'follower'
        return
      default:
        return
    }
  }

  private inTerm(node: NodeHistory, term: number, number: number): void {
    if (term === node.term) return
    node.term = term
    node.termEvent = number
    node.role = 'follower'
  }

  private commit(node: NodeHistory, index: number, number: number): void {
    for (let at = node.commitIndex + 1; at <= index; at++) {
      const entry = node.at(at)
      if (entry === undefined || this.committed[at] !== undefined) continue
      this.committed[at] = { entry, inTerm: node.term, node: node.id, event: number }
    }
    if (index > node.commitIndex) {
      node.commitIndex = index
      node.commitEvent = number
    }
  }

  private snapshot(node: NodeHistory, installed: boolean, index: number, term: number): void {
    if (!installed) return
    // A log that has the snapshot's last entry keeps what follows; any other is replaced (figure 13, step 6).
    if (node.at(index)?.term !== term) node.restart(index)
    if (index > node.commitIndex) node.commitIndex = index
    if (index > node.lastApplied) node.lastApplied = index
  }
}

function sameMembers(a: readonly NodeId[] | undefined, b: readonly NodeId[]): boolean {
  return a !== undefined && a.length === b.length && b.every(id => a.includes(id))
}
