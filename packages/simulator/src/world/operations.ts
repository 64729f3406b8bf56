/**
 * What clients asked for and what they were told: the history that the linearizability checker judges.
 *
 * One operation is one request that a node accepted. Time is the number of the event in which something happened, so
 * that two operations overlap exactly if neither had an answer when the other was asked for.
 */
import type { Entry } from '@flotilla/core'

export interface Operation {
  readonly number: number
  readonly client: number
  readonly kind: 'write' | 'read'
  readonly key: number
  /** What it wrote (its own number), or what it read. */
  value: number
  readonly invoked: number
  /** Infinity while there is no answer; stays so where nobody will ever know. */
  returned: number
  /** Which node took it. */
  readonly node: number
  /** Writes: the place that the leader gave it. */
  readonly index: number
  readonly term: number
  /** Reads: what was committed when it was asked for. */
  readonly commitAtCall: number
  /** How many messages had been sent then. */
  readonly messagesAtCall: number
  /** `failed`: certainly without effect. `unknown`: perhaps without effect, perhaps later. */
  outcome: 'pending' | 'done' | 'failed' | 'unknown'
}

export class Operations {
  readonly all: Operation[] = []
  /** By node: writes by index, reads by their number. */
  private readonly writes: Map<number, Operation>[] = []
  private readonly reads: Map<number, Operation>[] = []
  private numbered = 0
  onSettled: (operation: Operation) => void = () => {}

  nextNumber(): number {
    return ++this.numbered
  }

  get pending(): number {
    let count = 0
    for (const writes of this.writes) count += writes?.size ?? 0
    for (const reads of this.reads) count += reads?.size ?? 0
    return count
  }

  begin(operation: Operation): void {
    this.all.push(operation)
    const byNode = operation.kind === 'write' ? this.writes : this.reads
    let mine = byNode[operation.node]
    if (mine === undefined) {
      mine = new Map()
      byNode[operation.node] = mine
    }
    const key = operation.kind === 'write' ? operation.index : operation.number
    const displaced = mine.get(key)
    mine.set(key, operation)
    // The same leader gave the place away again: the earlier entry is no longer in its log. Others may still have it.
    if (displaced !== undefined) this.settle(displaced, 'unknown', Number.POSITIVE_INFINITY)
  }

  /** A node applied this entry: the write that it stood for there is done, or another took its place. */
  applied(node: number, entry: Entry, event: number): Operation | undefined {
    const operation = this.writes[node]?.get(entry.index)
    if (operation === undefined) return undefined
    this.writes[node]?.delete(entry.index)
    this.settle(operation, operation.term === entry.term ? 'done' : 'failed', event)
    return operation
  }

  read(node: number, number: number): Operation | undefined {
    return this.reads[node]?.get(number)
  }

  answerRead(operation: Operation, value: number, event: number): void {
    this.reads[operation.node]?.delete(operation.number)
    operation.value = value
    this.settle(operation, 'done', event)
  }

  abandonRead(operation: Operation): void {
    this.reads[operation.node]?.delete(operation.number)
    this.settle(operation, 'failed', Number.POSITIVE_INFINITY)
  }

  /** The node went past these without applying them one by one, or its memory is gone. */
  forget(node: number, upTo: number): void {
    const writes = this.writes[node]
    if (writes === undefined) return
    for (const [index, operation] of writes) {
      if (index > upTo) continue
      writes.delete(index)
      this.settle(operation, 'unknown', Number.POSITIVE_INFINITY)
    }
  }

  /** The node's log was cut off there. The entries may live on elsewhere, and commit yet. */
  truncated(node: number, from: number): void {
    const writes = this.writes[node]
    if (writes === undefined) return
    for (const [index, operation] of writes) {
      if (index < from) continue
      writes.delete(index)
      this.settle(operation, 'unknown', Number.POSITIVE_INFINITY)
    }
  }

  crashed(node: number): void {
    this.forget(node, Number.POSITIVE_INFINITY)
    const reads = this.reads[node]
    if (reads === undefined) return
    for (const operation of [...reads.values()]) this.abandonRead(operation)
  }

  private settle(operation: Operation, outcome: Operation['outcome'], event: number): void {
    operation.outcome = outcome
    operation.returned = outcome === 'done' ? event : Number.POSITIVE_INFINITY
    this.onSettled(operation)
  }
}
