/**
 * What a page shows of its machines: the committed state, with this browser's own changes that are not committed yet run on
 * top of it. When one is committed, the rest runs anew on what that gave.
 */
import type { Objectish } from 'immer'
import type { StateCommand } from './command.ts'
import type { MachineCopy } from './machine-copy.ts'
import type { PendingChange } from './pending.ts'
import type { ReplicatedMachines } from './replicated-machines.ts'

export type Tried =
  | { readonly kind: 'runs'; readonly copy: MachineCopy }
  | { readonly kind: 'refused'; readonly reason: unknown }

export class Replica {
  private readonly machines: ReplicatedMachines
  /** In the order in which they were made, which is the order in which they will be committed. */
  private pending: readonly PendingChange[] = []
  private readonly shown = new Map<string, MachineCopy>()
  private readonly changed: () => void

  /** @param changed whenever a state may be another; at once for this page's own changes */
  constructor(machines: ReplicatedMachines, changed: () => void) {
    this.machines = machines
    this.changed = changed
    machines.onApplied = (command, outcome) => {
      this.shown.delete(command.machine)
      this.forget(({ id }) => id === command.id, outcome.kind === 'rejected' ? 'rejected' : 'committed')
    }
    machines.onRestored = () => this.shown.clear()
  }

  /** With this browser's pending changes. The same object as long as nothing has changed in it. */
  state(machine: string): Objectish {
    return this.copy(machine).stateToShow()
  }

  /** With this browser's pending changes. */
  copy(machine: string): MachineCopy {
    let copy = this.shown.get(machine)
    if (copy === undefined) {
      copy = this.machines.copy(machine).fork()
      for (const { command } of this.pending) if (command.machine === machine) run(copy, command)
      this.shown.set(machine, copy)
    }
    return copy
  }

  committed(machine: string): MachineCopy {
    return this.machines.copy(machine)
  }

  /** Another array whenever one comes, goes or progresses. */
  changes(machine?: string): readonly PendingChange[] {
    return machine === undefined ? this.pending : this.pending.filter(({ command }) => command.machine === machine)
  }

  /** Runs the command on the state that is shown, and shows what comes of it from `add` on; or what it throws. */
  tried(command: StateCommand): Tried {
    const copy = this.copy(command.machine).fork()
    try {
      copy.apply(command, undefined)
      return { kind: 'runs', copy }
    } catch (reason) {
      return { kind: 'refused', reason }
    }
  }

  /** Shows a change of this browser at once. `copy`: what is shown, with this change. */
  add(change: PendingChange, copy?: MachineCopy): void {
    const { machine } = change
    const before = change.isLeft ? this.pending.findIndex(({ isLeft }) => !isLeft) : -1
    if (before >= 0) this.shown.delete(machine)
    else if (copy === undefined) run(this.copy(machine), change.command)
    else this.shown.set(machine, copy)
    this.pending = this.pending.toSpliced(before < 0 ? this.pending.length : before, 0, change)
    this.changed()
  }

  /** Of one of the pending changes more is known. */
  progressed(): void {
    this.pending = [...this.pending]
    this.changed()
  }

  /** Shows no longer what will not be committed, or what the state shows by itself from this index on. */
  settle(change: PendingChange, progress: 'committed' | 'rejected'): void {
    this.shown.delete(change.command.machine)
    this.forget(each => each === change, progress)
    this.changed()
  }

  /** The page's copy has come to this index. */
  caughtUp(index: number): void {
    // What came in a snapshot did not run here by itself.
    this.forget(({ placed }) => placed !== undefined && placed.index <= index, 'committed')
    this.changed()
  }

  private forget(isOver: (change: PendingChange) => boolean, progress: 'committed' | 'rejected'): void {
    const over = this.pending.filter(isOver)
    if (over.length === 0) return
    this.pending = this.pending.filter(change => !over.includes(change))
    for (const change of over) {
      this.shown.delete(change.command.machine)
      change.end(progress)
    }
  }
}

/** On another state than the one it was made on it may fail: then it is left out, and will be rejected unless that changes again. */
function run(copy: MachineCopy, command: StateCommand): void {
  try {
    copy.apply(command, undefined)
  } catch {
    // Told when the log says so.
  }
}
