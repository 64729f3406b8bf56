/**
 * Watches a whole cluster: keeps the views and the ghost history, and shows every observation to every invariant.
 *
 * The order matters: an invariant sees an observation before the ghost knows of it, except where invariant.ts says so.
 */
import type { Entry, Message, NodeId, PersistUnit, RaftStatus, RecoveredState, Snapshot } from '@flotilla/core'
import { commitMonotone } from './commit-monotone.ts'
import { configurationChanges } from './configuration.ts'
import { conflictTruncation } from './conflict-truncation.ts'
import { currentTermCommit } from './current-term-commit.ts'
import { durableQuorum } from './durable-quorum.ts'
import { electionSafety } from './election-safety.ts'
import { exactlyOnce } from './exactly-once.ts'
import { followsLeader } from './follows-leader.ts'
import { Ghost } from './ghost.ts'
import { honouredTimeoutNow } from './honoured-timeout-now.ts'
import { indexOrder } from './index-order.ts'
import type { Invariant, InvariantFactory, Report, Violation } from './invariant.ts'
import { leaderAppendOnly } from './leader-append-only.ts'
import { leaderCompleteness } from './leader-completeness.ts'
import { linearizableReads } from './linearizable-reads.ts'
import { logMatching } from './log-matching.ts'
import { matchIndex } from './match-index.ts'
import { noLostWrite } from './no-lost-write.ts'
import { noStorm } from './no-storm.ts'
import { persistBeforeAcknowledge } from './persist-before-acknowledge.ts'
import { repeatedRequest } from './repeated-request.ts'
import { extendHash } from './shadow-log.ts'
import { snapshotEquality } from './snapshot-equality.ts'
import { stateMachineSafety } from './state-machine-safety.ts'
import { termMonotone } from './term-monotone.ts'
import { transferTarget } from './transfer-target.ts'
import { truncationAboveCommit } from './truncation-above-commit.ts'
import type { NodeView } from './view.ts'
import { voteDurability } from './vote-durability.ts'

export const coreInvariants: readonly InvariantFactory[] = [
  electionSafety,
  voteDurability,
  termMonotone,
  persistBeforeAcknowledge,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
  stateMachineSafety,
  commitMonotone,
  indexOrder,
  truncationAboveCommit,
  currentTermCommit,
  durableQuorum,
  matchIndex,
  configurationChanges,
  linearizableReads,
  exactlyOnce,
  snapshotEquality,
  noLostWrite,
  noStorm,
  conflictTruncation,
  followsLeader,
  transferTarget,
  honouredTimeoutNow,
  repeatedRequest,
]

type Hook = Exclude<keyof Invariant, 'number' | 'name'>

export class Checker {
  readonly ghost: Ghost
  readonly violations: Violation[]
  onViolation: (() => void) | undefined = undefined
  readonly #invariants: readonly Invariant[]
  readonly #stepped: readonly Invariant[]
  readonly #sent: readonly Invariant[]
  readonly #receiving: readonly Invariant[]
  readonly #received: readonly Invariant[]

  /** @param past what was seen and found so far, if it is not the beginning */
  constructor(
    factories: readonly InvariantFactory[] = coreInvariants,
    past: { readonly ghost: Ghost; readonly violations: readonly Violation[] } = { ghost: new Ghost(), violations: [] },
  ) {
    this.ghost = past.ghost
    this.violations = [...past.violations]
    this.#invariants = factories.map(factory => {
      let name = ''
      const report: Report = detail => this.report(name, detail)
      const invariant = factory(this.ghost, report)
      name = invariant.name
      return invariant
    })
    const having = (hook: Hook): Invariant[] => this.#invariants.filter(invariant => invariant[hook] !== undefined)
    this.#stepped = having('stepped')
    this.#sent = having('sent')
    this.#receiving = having('receiving')
    this.#received = having('received')
  }

  report(property: string, detail: string): void {
    this.violations.push({ property, detail })
    this.onViolation?.()
  }

  started(id: NodeId, recovered: RecoveredState): void {
    const node = this.ghost.view(id)
    node.incarnation += 1
    node.up = true
    node.status = undefined
    node.previous = undefined
    if (node.incarnation === 1) this.#loadFirst(node, recovered)
    node.log.copyFrom(node.durable)
    node.applied = node.log.base
    for (const invariant of this.#invariants) invariant.started?.(node)
  }

  /** `status` is what the node says of itself after a step; `unit` is what it then hands out to be written. */
  stepped(id: NodeId, status: RaftStatus, unit: PersistUnit | undefined, messages = 0): void {
    this.ghost.messages = messages
    const node = this.ghost.view(id)
    const previous = node.status
    node.previous = previous
    node.status = status
    if (unit !== undefined) this.#issue(node, unit)

    if (status.role === 'leader' && !(previous?.role === 'leader' && previous.currentTerm === status.currentTerm)) {
      for (const invariant of this.#invariants) invariant.elected?.(node, status.currentTerm)
      this.ghost.lead(node, status.currentTerm)
    }
    if (previous !== undefined && status.commitIndex > previous.commitIndex) this.#commit(node, previous, status)
    for (const invariant of this.#stepped) invariant.stepped?.(node)
  }

  durable(id: NodeId): void {
    const node = this.ghost.view(id)
    const written = node.pending.shift()
    if (written === undefined) return
    const { unit, hashes } = written
    for (const invariant of this.#invariants) invariant.becomingDurable?.(node, unit)
    const wrong = this.ghost.write(node, unit, hashes)
    if (wrong !== undefined) this.report('Persist Unit', wrong)
  }

  /** It is about to take this message. */
  receiving(id: NodeId, message: Message): void {
    const node = this.ghost.view(id)
    for (const invariant of this.#receiving) invariant.receiving?.(node, message)
  }

  /** It has taken this message, the `number`th that was sent, and done what follows from it. */
  received(id: NodeId, message: Message, number: number): void {
    const node = this.ghost.view(id)
    for (const invariant of this.#received) invariant.received?.(node, message, number)
  }

  sent(id: NodeId, message: Message): void {
    const node = this.ghost.view(id)
    for (const invariant of this.#sent) invariant.sent?.(node, message)
  }

  applied(id: NodeId, entry: Entry, digest: number): void {
    const node = this.ghost.view(id)
    for (const invariant of this.#invariants) invariant.applied?.(node, entry, digest)
    node.applied = entry.index
    if (this.ghost.digests[entry.index] === undefined) this.ghost.digests[entry.index] = digest
  }

  restored(id: NodeId, snapshot: Snapshot, digest: number): void {
    const node = this.ghost.view(id)
    for (const invariant of this.#invariants) invariant.restored?.(node, snapshot, digest)
    node.applied = snapshot.index
  }

  readReady(id: NodeId, index: number, commitAtCall: number, messagesAtCall = 0): void {
    const node = this.ghost.view(id)
    for (const invariant of this.#invariants) invariant.readReady?.(node, index, commitAtCall, messagesAtCall)
  }

  acknowledged(operation: number, index: number, term: number): void {
    for (const invariant of this.#invariants) invariant.acknowledged?.(operation, index, term)
  }

  /** Its pending units are gone, except for those that `durable` was called for. */
  crashed(id: NodeId): void {
    const node = this.ghost.view(id)
    node.up = false
    node.pending.length = 0
    for (const invariant of this.#invariants) invariant.crashed?.(node)
  }

  /** Its disk was emptied. What it promised, term and vote, is remembered here even if it is not there. */
  wiped(id: NodeId): void {
    const node = this.ghost.view(id)
    node.vanished = false
    node.durable.clear()
  }

  /** Its disk holds this instead of what was written. What it promised is remembered here, as above. */
  replaced(id: NodeId, { snapshot, entries }: RecoveredState): void {
    const { durable } = this.ghost.view(id)
    durable.clear()
    if (snapshot !== undefined) this.ghost.compact(durable, snapshot)
    for (const entry of entries) durable.append(entry, extendHash(durable.lastHash, entry))
  }

  #issue(node: NodeView, unit: PersistUnit): void {
    for (const invariant of this.#invariants) invariant.issuing?.(node, unit)
    const { snapshot, truncateFrom, entries } = unit
    if (snapshot !== undefined) this.ghost.compact(node.log, snapshot)
    if (truncateFrom > 0) node.log.truncate(truncateFrom)
    const { previous } = node
    const leadership =
      previous?.role === 'leader' && truncateFrom === 0 ? this.ghost.leaders.get(previous.currentTerm) : undefined
    const hashes: number[] = []
    for (const entry of entries) {
      const hash = extendHash(node.log.lastHash, entry)
      for (const invariant of this.#invariants) invariant.appending?.(node, entry, hash)
      node.log.append(entry, hash)
      hashes.push(hash)
      if (leadership?.term === entry.term) leadership.log.append(entry, hash)
    }
    node.pending.push({ unit, hashes })
  }

  #commit(node: NodeView, previous: RaftStatus, status: RaftStatus): void {
    const { commitIndex } = status
    const leads = previous.role === 'leader' && (status.role === 'leader' || commitIndex > this.ghost.commit)
    if (!leads) return
    for (const invariant of this.#invariants) {
      invariant.committing?.(node, previous.commitIndex, commitIndex, previous.currentTerm)
    }
    if (commitIndex > this.ghost.commit) this.ghost.extendCommit(node.log, commitIndex, previous.currentTerm)
  }

  /** What a disk holds before anything was observed: the first configuration of a new cluster. */
  #loadFirst(node: NodeView, recovered: RecoveredState): void {
    node.durableTerm = recovered.currentTerm
    node.durableVote = recovered.votedFor
    if (recovered.snapshot !== undefined) this.ghost.compact(node.durable, recovered.snapshot)
    for (const entry of recovered.entries) {
      node.durable.append(entry, extendHash(node.durable.lastHash, entry))
    }
  }
}
