/**
 * One machine as the log has made it so far. The same commands give the same copy on every node whose code knows the version
 * that the log is at; a node whose code is older keeps what it cannot run, in order, and says so.
 */
import { applyPatches, enablePatches, Immer, isDraft, type Objectish } from 'immer'
import { callOf } from './chance.ts'
import type { StateCommand } from './command.ts'
import type { AnyMachine, MachineVersion } from './definition.ts'
import { frozen } from './frozen.ts'
import { type Kept, remember, undone } from './history.ts'
import { jsonCopy, sameJson } from './json.ts'
import { wayBack, withoutChange } from './undo.ts'

enablePatches()
/** What it gives is frozen here: it would ask each of ten thousand cards for each that was changed. */
const immer = new Immer({ autoFreeze: false })

/** What became of a command: `waiting` for code that can run it. A command that is rejected throws. */
export type Applied = 'applied' | 'waiting'

/** A command that had no effect, on any node: the reason is for the person who gave it. */
export class Refused extends Error {
  override readonly name: string
  constructor(name: 'UnknownMutation' | 'NothingToUndo' | 'ChangedSince' | 'NoState', message: string) {
    super(message)
    this.name = name
  }
}

/** As it stands in a snapshot. */
export interface StoredCopy {
  readonly version: number
  readonly state: unknown
  readonly history: readonly Kept[]
  readonly waiting: readonly Waiting[]
}

interface Waiting {
  readonly command: StateCommand
  readonly index: number | undefined
}

interface Step {
  readonly version: number
  readonly state: Objectish
  readonly history: readonly Kept[]
}

const nothingYet: readonly Kept[] = []

export class MachineCopy {
  private readonly machine: AnyMachine | undefined
  private readonly versions: ReadonlyMap<number, MachineVersion>
  /** Before its first command a machine has no version, and no state. */
  private at: Step | undefined = undefined
  private shown: { readonly of: Step | undefined; readonly state: Objectish } | undefined = undefined
  private waiting: Waiting[] = []
  /** The version that the log is at, also if no code here knows it; 0 before the first command. */
  private logVersion = 0

  /** @param machine `undefined` where the code knows no machine of this name */
  constructor(machine: AnyMachine | undefined) {
    this.machine = machine
    this.versions = new Map(machine?.versions.map(version => [version.version, version]))
  }

  /** Whether the room runs a version that the code here does not know: the page has to be loaded anew. */
  get isOutdated(): boolean {
    return this.waiting.length > 0
  }

  /** No command has ever had an effect. What was refused leaves no trace that a snapshot could hold. */
  get isBlank(): boolean {
    return this.at === undefined && this.waiting.length === 0
  }

  get version(): number {
    return this.logVersion
  }

  /** Of the newest version that the code here knows, also while the log is at an earlier one. @throws what `migrate` throws */
  stateToShow(): Objectish {
    if (this.shown === undefined || this.shown.of !== this.at) {
      const newest = Math.max(0, ...this.versions.keys())
      this.shown = { of: this.at, state: (this.migrated(this.at, newest) ?? this.begun(newest)).state }
    }
    return this.shown.state
  }

  /** Goes its own way from here on. */
  fork(): MachineCopy {
    const fork = new MachineCopy(this.machine)
    fork.at = this.at
    fork.shown = this.shown
    fork.waiting = [...this.waiting]
    fork.logVersion = this.logVersion
    return fork
  }

  /** What happened of late, oldest first. */
  get history(): readonly Kept[] {
    return this.at?.history ?? nothingYet
  }

  /**
   * @param index where the command stands in the log; `undefined` if it is not there yet
   * @throws Refused, NotSerializable, or what the mutation threw: then nothing has changed
   */
  apply(command: StateCommand, index: number | undefined): Applied {
    this.logVersion = Math.max(this.logVersion, command.version)
    if (this.isOutdated || !this.knows(command)) {
      this.waiting.push({ command, index })
      return 'waiting'
    }
    this.at = this.after(command, index, this.migrated(this.at, command.version) ?? this.begun(command.version))
    return 'applied'
  }

  stored(): StoredCopy {
    const { at, waiting } = this
    return { version: at?.version ?? 0, state: at?.state ?? null, history: at?.history ?? [], waiting }
  }

  /** Takes up where another node was, and runs what that one could not if the code here can. */
  restore({ version, state, history, waiting }: StoredCopy): void {
    this.logVersion = Math.max(version, ...waiting.map(({ command }) => command.version))
    const isKnown = version === 0 || this.versions.has(version)
    if (version > 0) this.at = { version, state: frozen(asState(state), undefined), history }
    this.waiting = []
    if (!isKnown) {
      this.waiting = [...waiting]
      return
    }
    for (const { command, index } of waiting) {
      try {
        this.apply(command, index)
      } catch {
        // It was rejected where it was first run, and its caller was told there.
      }
    }
  }

  /** Whether there is code for all versions from the log's to the command's. */
  private knows({ version }: StateCommand): boolean {
    const from = this.at?.version ?? version
    for (let each = from; each <= version; each++) if (!this.versions.has(each)) return false
    return this.versions.has(from)
  }

  private begun(version: number): Step {
    const begun = this.versions.get(version)
    if (begun === undefined) throw new Refused('NoState', `no code for version ${version}`)
    return { version, state: frozen(asState(begun.initial()), undefined), history: [] }
  }

  private migrated(from: Step | undefined, to: number): Step | undefined {
    let step = from
    while (step !== undefined && step.version < to) {
      const version = step.version + 1
      const next = this.versions.get(version)
      if (next === undefined) throw new Refused('NoState', `no code for version ${version}`)
      // What could be taken back before was of another shape.
      const history = step.history.map(kept => ({ ...kept, back: undefined }))
      step = { version, state: frozen(asState(jsonCopy(next.migrate(step.state))), undefined), history }
    }
    return step
  }

  private after(command: StateCommand, index: number | undefined, step: Step): Step {
    const { what } = command
    switch (what.kind) {
      case 'migrate':
        return { ...step, history: remember(step.history, command, index, undefined) }
      case 'undo': {
        const back = step.history.find(({ id }) => id === what.of)?.back
        if (back === undefined)
          throw new Refused(
            'NothingToUndo',
            'what it takes to take this change back is not kept: it was too much, or too long ago',
          )
        const state = withoutChange(step.state, back)
        if (state === undefined) throw new Refused('ChangedSince', 'something else has changed the same since')
        const history = remember(undone(step.history, what.of), command, index, undefined)
        return { ...step, state: frozen(state, step.state), history }
      }
      case 'mutate': {
        const mutation = this.versions.get(step.version)?.mutation(what.name)
        if (mutation === undefined) throw new Refused('UnknownMutation', `there is no mutation ${what.name}`)
        return mutated(command, index, step, draft => mutation(draft, what.args, callOf(command, index)))
      }
      default:
        return what satisfies never
    }
  }
}

function mutated(
  command: StateCommand,
  index: number | undefined,
  step: Step,
  recipe: (draft: unknown) => unknown,
): Step {
  const [drafted, patches, inverse] = immer.produceWithPatches(step.state, draft => {
    const result = recipe(draft)
    if (result instanceof Promise)
      throw new TypeError('a mutation gives no promise: it would end elsewhere at another time')
    return isDraft(result) || result === undefined ? undefined : asState(result)
  })
  // Whoever restores a snapshot has what JSON made of the state: nobody may have anything else.
  const told = patches.map(patch =>
    patch.op === 'remove' ? patch : { ...patch, value: jsonCopy(patch.value, patch.path.join('.')) },
  )
  const isJson = patches.every((patch, i) => sameJson(patch.value, told[i]?.value))
  const state: Objectish = isJson ? drafted : applyPatches(step.state, told)
  const history = remember(step.history, command, index, wayBack(state, told, inverse))
  return { version: step.version, state: frozen(asState(state), step.state), history }
}

function asState(value: unknown): Objectish {
  if (typeof value === 'object' && value !== null) return value
  throw new TypeError('a state is an object or an array')
}
