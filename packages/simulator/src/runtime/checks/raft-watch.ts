/**
 * Watches nodes from outside, as their disks, their network and their traces show them, and holds what it sees to the
 * invariants of the core: here it is the runtime that may break them, by saying something before it is on the disk, by
 * writing in another order than it was told to, by applying what is not committed or taking up what it should have forgotten.
 */
import type { Entry, Message, NodeId, PersistUnit, TraceEvent } from '@flotilla/core'
import { electionSafety } from '../../invariants/election-safety.ts'
import { Ghost } from '../../invariants/ghost.ts'
import type { Invariant, InvariantFactory, Violation } from '../../invariants/invariant.ts'
import { logMatching } from '../../invariants/log-matching.ts'
import { extendHash } from '../../invariants/shadow-log.ts'
import { termMonotone } from '../../invariants/term-monotone.ts'
import type { NodeView } from '../../invariants/view.ts'
import { groupedVoteDurability } from '../../invariants/vote-durability.ts'
import type { Disk } from '../../world/disk.ts'
import { acknowledgedIsDurable } from './acknowledged-is-durable.ts'
import { appliedAgreement } from './applied-agreement.ts'
import { snapshotAgreement } from './snapshot-agreement.ts'

const invariants: readonly InvariantFactory[] = [
  electionSafety,
  groupedVoteDurability,
  termMonotone,
  logMatching,
  acknowledgedIsDurable,
  appliedAgreement,
  snapshotAgreement,
]

export class RaftWatch {
  readonly ghost = new Ghost()
  /** What was applied first at each index, wherever that was. */
  readonly committed: (Entry | undefined)[] = []
  /** Somebody applies an entry that nobody had applied before. */
  onCommitted: (entry: Entry) => void = () => {}
  largestSnapshotBytes = 0
  readonly #invariants: readonly Invariant[]
  readonly #disks = new Map<NodeId, Disk>()
  readonly #report: (violation: Violation) => void

  constructor(report: (violation: Violation) => void) {
    this.#report = report
    this.#invariants = invariants.map(factory => {
      let property = ''
      const invariant = factory(this.ghost, detail => report({ property, detail }))
      property = invariant.name
      return invariant
    })
  }

  // ---- Disks --------------------------------------------------------------------------------------------------------

  opened(id: NodeId, disk: Disk): void {
    const node = this.ghost.view(id)
    if (node.vanished) this.#report({ property: 'Lost Identity', detail: `${id} is back, whose disk was lost` })
    node.incarnation += 1
    if (!this.#disks.has(id)) loadFirst(node, disk)
    this.#disks.set(id, disk)
    node.log.copyFrom(node.durable)
    node.pending.length = 0
    node.applied = node.log.base
    for (const invariant of this.#invariants) invariant.started?.(node)
  }

  writing(id: NodeId, unit: PersistUnit): void {
    const node = this.ghost.view(id)
    for (const invariant of this.#invariants) invariant.issuing?.(node, unit)
    const { snapshot, truncateFrom, entries } = unit
    if (snapshot !== undefined) {
      this.ghost.compact(node.log, snapshot)
      this.largestSnapshotBytes = Math.max(this.largestSnapshotBytes, snapshot.data.byteLength)
    }
    if (truncateFrom > 0) node.log.truncate(truncateFrom)
    const hashes = entries.map(entry => {
      const hash = extendHash(node.log.lastHash, entry)
      for (const invariant of this.#invariants) invariant.appending?.(node, entry, hash)
      node.log.append(entry, hash)
      return hash
    })
    node.pending.push({ unit, hashes })
  }

  becomingDurable(id: NodeId, unit: PersistUnit): void {
    const node = this.ghost.view(id)
    const written = node.pending.shift()
    if (written?.unit !== unit) {
      const detail = `${id} has unit ${unit.token} on its disk where ${written?.unit.token ?? 'none'} was next`
      this.#report({ property: 'Persist Unit', detail })
      return
    }
    for (const invariant of this.#invariants) invariant.becomingDurable?.(node, unit)
    const wrong = this.ghost.write(node, unit, written.hashes)
    if (wrong !== undefined) this.#report({ property: 'Persist Unit', detail: wrong })
  }

  lost(id: NodeId): void {
    this.ghost.view(id).pending.length = 0
  }

  vanished(id: NodeId): void {
    this.ghost.view(id).vanished = true
  }

  // ---- The network --------------------------------------------------------------------------------------------------

  sent(from: NodeId, message: Message): void {
    const node = this.ghost.view(from)
    if (node.vanished) {
      this.#report({ property: 'Lost Identity', detail: `${from} sends ${message.type}, and its disk was lost` })
    }
    if (message.from !== from) {
      this.#report({ property: 'Addressing', detail: `${from} sends ${message.type} from ${message.from}` })
    }
    for (const invariant of this.#invariants) invariant.sent?.(node, message)
  }

  unreadable(from: NodeId, reason: string): void {
    this.#report({ property: 'Codec', detail: `${from} sends what is no frame: ${reason}` })
  }

  // ---- What nodes tell of themselves --------------------------------------------------------------------------------

  traced(event: TraceEvent): void {
    const node = this.ghost.view(event.node)
    switch (event.type) {
      case 'role':
        if (event.role !== 'leader') return
        for (const invariant of this.#invariants) invariant.elected?.(node, event.term)
        this.ghost.lead(node, event.term)
        return
      case 'snapshot':
        // Restored before anything that follows it in the log is applied.
        if (event.action === 'installed') node.applied = event.index
        return
      case 'applied':
        return this.#applied(node, event.index)
      case 'crashed':
        if (event.reason === 'on purpose' || event.reason.startsWith('storage:')) return
        return this.#report({
          // It was the first to learn of it.
          property: event.reason.startsWith('the state here differs') ? 'State Digests' : 'Core Assertion',
          detail: `${event.node} stopped itself: ${event.reason}`,
        })
      default:
        return
    }
  }

  /** Its host has applied everything up to here. */
  #applied(node: NodeView, upTo: number): void {
    const disk = this.#disks.get(node.id)
    for (let index = node.applied + 1; index <= upTo; index++) {
      const entry = disk?.entries[index - disk.firstIndex]
      if (entry === undefined) {
        const detail = `${node.id} applies ${index}, and its disk ends at ${disk?.lastIndex}`
        this.#report({ property: 'Applied Is Durable', detail })
        return
      }
      const hash = node.durable.hashAt(index) ?? 0
      if (index === this.ghost.commit + 1) {
        this.ghost.extendCommit(node.durable, index, entry.term)
        this.committed[index] = entry
        this.onCommitted(entry)
      }
      for (const invariant of this.#invariants) invariant.applied?.(node, entry, hash)
      node.applied = index
    }
  }
}

/** What a disk holds before anything was observed: the first configuration of a new cluster. */
function loadFirst(node: NodeView, disk: Disk): void {
  node.durableTerm = disk.currentTerm
  node.durableVote = disk.votedFor
  for (const entry of disk.entries) node.durable.append(entry, extendHash(node.durable.lastHash, entry))
}
