/** The machines of a room in this page: what they show, and the way of this page's changes to the log. */
import { ClusterError } from '@flotilla/cluster'
import { Emitter } from '@flotilla/cluster/clients'
import { MAX_BY, type StateCommand } from './command.ts'
import type { MachineDefinition, Mutations } from './definition.ts'
import { Failures } from './failures.ts'
import type { Kept } from './history.ts'
import { jsonCopy, sameJson } from './json.ts'
import type { MachineCopy } from './machine-copy.ts'
import { type Change, PendingChange, type Submission } from './pending.ts'
import { Presence } from './presence.ts'
import { Replica } from './replica.ts'
import type { ReplicatedMachines } from './replicated-machines.ts'
import type { RoomNode } from './room-node.ts'
import { type Ground, type SharedMachine, sharedMachine } from './shared-machine.ts'
import { type SharedStatus, sharedStatus } from './shared-status.ts'
import type { Watchable } from './watchable.ts'

export interface SharedStateOptions {
  /** The machines of `node`, which belong to this state from now on. */
  readonly machines: ReplicatedMachines
  readonly node: RoomNode
  /** Who calls, for `call.by`, asked at each call: at most 256 characters; what is more is cut. */
  readonly by?: () => string
  /** Milliseconds since 1970; the system's by default. */
  readonly now?: () => number
  /** 1 to 64 characters, another one each time; random by default. */
  readonly newId?: () => string
}

export class SharedState {
  readonly status: Watchable<SharedStatus>
  /** This browser's changes that came to nothing, until they are dismissed. */
  readonly failures: Failures
  private readonly machines: ReplicatedMachines
  private readonly node: RoomNode
  private readonly by: () => string
  private readonly now: () => number
  private readonly newId: () => string
  private readonly events = new Emitter<{ changed: undefined }>()
  private readonly replica: Replica
  private readonly stop: () => void
  private appliedUpTo = 0
  private present: Presence | undefined = undefined
  /** Calls of this page. After a reload, what is its own is known by who called, if the application says so. */
  private readonly own = new Set<string>()
  /** Calls of this page that found everything as they would have it: there is nothing to take back of them. */
  private readonly idle = new Set<string>()
  /** Machines that this page has asked the room to bring up to its own version. */
  private readonly migrating = new Set<string>()

  constructor({
    machines,
    node,
    by = () => '',
    now = Date.now,
    newId = () => crypto.randomUUID(),
  }: SharedStateOptions) {
    this.machines = machines
    this.node = node
    this.by = by
    this.now = now
    this.newId = newId
    this.failures = new Failures(node.leftovers)
    this.replica = new Replica(machines, () => this.events.emit('changed', undefined))
    this.status = sharedStatus({
      node,
      pending: () => this.pending(),
      outdated: () => machines.outdated(),
      onChanged: listener => this.onChanged(listener),
    })
    this.stop = node.onApplied(index => {
      this.appliedUpTo = index
      this.replica.caughtUp(index)
      this.migrateWhereDue()
    })
    // The machines may have come to where the room is before this was made.
    for (const { name } of machines.known)
      this.appliedUpTo = Math.max(this.appliedUpTo, machines.copy(name).history.at(-1)?.index ?? 0)
    this.migrateWhereDue()
  }

  /** @throws ClusterError `InvalidOptions` for a machine that the room's program does not have */
  machine<State, M extends Mutations<State>>(definition: MachineDefinition<State, M>): SharedMachine<State, M> {
    const { name } = definition
    if (!this.machines.known.some(each => each.name === name))
      throw new ClusterError(
        'InvalidOptions',
        `the machine “${name}” is not in this room’s program: name it in stateProgram(…)`,
      )
    const ground: Ground = {
      state: name => this.replica.state(name),
      committed: name => this.replica.committed(name).stateToShow(),
      history: name => this.replica.copy(name).history,
      changes: name => this.replica.changes(name),
      mutate: (name, version, mutation, args) => this.mutate(name, version, mutation, args),
      undo: (name, version) => this.undo(name, version),
      canUndo: (name, version) => this.canUndo(name, version),
      read: (query, options) => this.node.read(query, options),
      onChanged: listener => this.onChanged(listener),
    }
    return sharedMachine(definition, ground)
  }

  /** Who else is there, and what they do. */
  get presence(): Presence {
    this.present ??= new Presence({ link: this.node.presence })
    return this.present
  }

  /** Any state may be another. */
  onChanged(listener: () => void): () => void {
    return this.events.on('changed', listener)
  }

  /** Machines of which the room runs a newer version than this page's code knows: the page has to be loaded anew. */
  outdated(): readonly string[] {
    return this.machines.outdated()
  }

  /** Of all machines, oldest first. Another array whenever one comes, goes or progresses. */
  pending(): readonly Change[] {
    return this.replica.changes()
  }

  /**
   * Shows changes of this browser that an earlier page made and that the log does not show yet.
   *
   * @param isLeft by a page that is gone: it will be committed before all that are shown and were not left so
   */
  adopt(command: StateCommand, submission: Submission, isLeft = false): Change {
    const change = new PendingChange(command, submission, isLeft)
    this.replica.add(change)
    this.follow(change, submission)
    return change
  }

  close(): void {
    this.stop()
    this.failures.close()
    this.present?.close()
  }

  private mutate(machine: string, version: number, name: string, args: unknown): Change {
    return this.begin(
      this.command(machine, version, { kind: 'mutate', name, args: args === undefined ? args : jsonCopy(args) }),
    )
  }

  private undo(machine: string, version: number): Change | undefined {
    const last = this.lastOwn(machine)
    return last && this.begin(this.command(machine, version, { kind: 'undo', of: last.id }))
  }

  /** On what is shown now: for a change that others have changed since there is no way back, whoever asks. */
  private canUndo(machine: string, version: number): boolean {
    const last = this.lastOwn(machine)
    if (last?.back === undefined) return false
    const undo = { machine, version, id: 'undo', by: '', now: 0, what: { kind: 'undo', of: last.id } } as const
    return this.replica.tried(undo).kind === 'runs'
  }

  /** Whether it can be taken back or not: whoever asks for the last one is not given another. */
  private lastOwn(machine: string): Kept | undefined {
    const me = this.by()
    const isMine = ({ id, by }: Kept): boolean => this.own.has(id) || (by !== '' && by === me)
    return this.replica
      .copy(machine)
      .history.findLast(
        kept => kept.what.kind === 'mutate' && !kept.isUndone && !this.idle.has(kept.id) && isMine(kept),
      )
  }

  private command(machine: string, version: number, what: StateCommand['what']): StateCommand {
    return { machine, version, id: this.newId(), by: this.by().slice(0, MAX_BY), now: Math.floor(this.now()), what }
  }

  private begin(command: StateCommand): Change {
    const tried = this.replica.tried(command)
    if (tried.kind === 'refused') return this.refused(command, tried.reason)
    const isIdle = this.changesNothing(command, tried.copy)
    const submission = this.node.submit(command)
    const change = new PendingChange(command, submission)
    this.own.add(command.id)
    if (isIdle) this.idle.add(command.id)
    this.replica.add(change, tried.copy)
    this.follow(change, submission)
    return change
  }

  /** Nothing of it is sent. Whoever asks for the same undo again is told once, and not once more. */
  private refused({ id, ...command }: StateCommand, reason: unknown): Change {
    const refused = { ...command, id: command.what.kind === 'undo' ? `undo ${command.what.of}` : id }
    const error = rejection(reason)
    const change = new PendingChange(refused, { saved: Promise.reject(error), committed: Promise.reject(error) })
    change.end('rejected')
    this.failures.add(refused, error)
    return change
  }

  private changesNothing({ machine, what }: StateCommand, after: MachineCopy): boolean {
    if (what.kind !== 'mutate' || after.history.at(-1)?.back !== undefined) return false
    return sameJson(after.stateToShow(), this.replica.state(machine))
  }

  private follow(change: PendingChange, { onSent }: Submission): void {
    change.saved.then(
      () => {
        change.isSaved()
        this.replica.progressed()
      },
      () => undefined,
    )
    onSent?.(isSent => {
      if (change.isSent(isSent)) this.replica.progressed()
    })
    change.committed.then(
      placed => {
        change.placed = placed
        this.replica.caughtUp(this.appliedUpTo)
      },
      (error: unknown) => {
        this.replica.settle(change, 'rejected')
        if (error instanceof ClusterError) this.failures.ended(change.command, error)
      },
    )
  }

  /** The first page with newer code moves the room to it. */
  private migrateWhereDue(): void {
    for (const { name, versions } of this.machines.known) {
      const newest = versions.at(-1)?.version ?? 0
      const { version } = this.replica.copy(name)
      if (version === 0 || version >= newest || this.migrating.has(name)) continue
      this.migrating.add(name)
      const change = this.begin(this.command(name, newest, { kind: 'migrate' }))
      change.committed.catch(() => this.migrating.delete(name))
    }
  }
}

function rejection(cause: unknown): ClusterError {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause))
  return new ClusterError('Rejected', message, { cause, thrown: { name, message } })
}
