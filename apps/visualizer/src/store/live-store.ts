/** Everything the Live page shows of its cluster, for React. Written by the session (or, in development, by a scene). */
import type { Admission, ClusterErrorKind } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { createStore } from 'zustand/vanilla'
import type { Pace } from '../live/room-controls.ts'
import type { InvalidWrite } from '../machine/invalid-write.ts'
import { emptyNarration, type Narration } from '../trace-view/narration.ts'
import { type ClusterView, emptyView } from '../trace-view/view.ts'

/** `opening`: looking for its database and the others. `joining`: waits to be admitted. `broken`: could not even open. */
export type Phase = 'opening' | 'joining' | 'running' | 'crashed' | 'failed' | 'closed' | 'broken'

export type ProblemKind = ClusterErrorKind | InvalidWrite['kind'] | 'Unknown'

export interface Problem {
  readonly title: string
  readonly advice: string
  /** What the page can do about it. */
  readonly remedy: 'reload' | 'restart' | 'newRoom' | 'deleteDamaged' | 'found' | 'foundForSure' | 'joinAgain' | 'wait'
}

export type WriteFate =
  | { readonly kind: 'sending' }
  | { readonly kind: 'committed'; readonly index: number; readonly term: number }
  | { readonly kind: 'failed'; readonly error: ProblemKind; readonly problem: Problem }

export interface Write {
  readonly id: number
  readonly key: string
  readonly value: string
  readonly fate: WriteFate
}

export type Consistency = 'linearizable' | 'local'

export type Read =
  | { readonly kind: 'asking'; readonly key: string; readonly consistency: Consistency }
  | {
      readonly kind: 'answered'
      readonly key: string
      readonly consistency: Consistency
      readonly value: string | undefined
    }
  | { readonly kind: 'failed'; readonly key: string; readonly consistency: Consistency; readonly problem: Problem }

export interface LiveState {
  readonly phase: Phase
  readonly problem: Problem | undefined
  /** Nobody else can be reached: there is no way to other tabs. */
  readonly isolated: boolean
  readonly room: string
  /** This page came over plain http: its node keeps nothing and does not vote. */
  readonly isGuest: boolean
  /** Whether somebody is asked before a newcomer is let in. */
  readonly admission: Admission
  /** The key of the link that the room has now, since it was changed. */
  readonly link: string | undefined
  /** Newcomers that wait for an answer. */
  readonly waiting: readonly NodeId[]
  /** Voters without whom nothing has been committed for long, as long as that is so; see `LostMajority`. */
  readonly lost: readonly NodeId[]
  readonly self: NodeId | undefined
  readonly view: ClusterView
  readonly narration: Narration
  /** More happens than anybody can follow: of many messages only a few are drawn. */
  readonly busy: boolean
  readonly pace: Pace
  /** The node of the tab that keeps the controls to itself. */
  readonly keeper: NodeId | undefined
  /** As this node has applied them: the first of them, sorted by key. */
  readonly values: readonly (readonly [key: string, value: string])[]
  readonly valueCount: number
  /** Newest first. */
  readonly writes: readonly Write[]
  readonly read: Read | undefined
}

/** What the page's controls do; the session does it to real nodes. */
export interface LiveActions {
  write(key: string, value: string): void
  read(key: string, consistency: Consistency): void
  setPace(pace: Pace): void
  setCut(links: readonly (readonly [NodeId, NodeId])[], cut: boolean): void
  healAll(): void
  crash(id: NodeId): void
  restart(id: NodeId): void
  /** What people call this tab's node; nothing for a name of nothing. */
  call(name: string): void
  /** Cut, crash and pace for this tab alone, or for everybody again. */
  keepControls(): void
  handOutControls(): void
  /** Gives why it could not be done, if it could not. */
  setAdmission(admission: Admission): Promise<Problem | undefined>
  admit(id: NodeId, letIn: boolean): Promise<Problem | undefined>
  /** A learner votes in the place of a voter. Gives why it could not be done. */
  swapVoter(): Promise<Problem | undefined>
  /** Out of the room, until somebody adds it; the room gets another link. */
  remove(id: NodeId): Promise<Problem | undefined>
  /** Where only another page of the same room helps. */
  retry(): void
  /** Deletes the databases that cannot be read, for good. */
  deleteDamaged(): void
  /** Leaves them where they are, and says no more of them. */
  keepDamaged(): void
  /** Shows what making the room anew means, or shows it no more. */
  warnOfFounding(isWarned: boolean): void
  /** Makes the room anew, if nobody of it is in reach. */
  foundAnew(): void
  /** The room goes on as another cluster, of this tab's node alone, without those who are `lost`. Gives why it could not be done. */
  goOnWithout(lost: readonly NodeId[]): Promise<Problem | undefined>
  /** Deletes this tab's node, which was left behind, and joins as another. */
  joinAgain(): void
}

/** More rows than this are not shown; their number is. */
export const MAX_SHOWN_VALUES = 500
export const MAX_SHOWN_WRITES = 20

export type LiveStore = ReturnType<typeof createLiveStore>

export function createLiveStore(room: string) {
  return createStore<LiveState>()(() => ({
    phase: 'opening',
    problem: undefined,
    isolated: false,
    room,
    isGuest: false,
    admission: 'open',
    link: undefined,
    waiting: [],
    lost: [],
    self: undefined,
    view: emptyView,
    narration: emptyNarration,
    busy: false,
    pace: 1,
    keeper: undefined,
    values: [],
    valueCount: 0,
    writes: [],
    read: undefined,
  }))
}
