/**
 * What the ring, the logs and the inspector show, and what they can do: given by their host, which is the Live page or any
 * other that reduces traces to a view. They import nothing of their host's.
 */
import type { EntrySummary, NodeId } from '@flotilla/core'
import { createContext, useContext } from 'react'
import { type StoreApi, useStore } from 'zustand'
import type { LogView } from '../trace-view/log-view.ts'
import type { Seat } from '../trace-view/roster.ts'
import { seating } from '../trace-view/seating.ts'
import type { ClusterView, NodeView } from '../trace-view/view.ts'
import { picture } from '../words/picture.ts'
import type { Movement } from './movement.ts'

export interface StageState {
  readonly view: ClusterView
  /** The node of the tab that watches; `undefined` where all are watched from outside. */
  readonly self: NodeId | undefined
  /** More happens than anybody can follow: entries appear without moving, and of many messages only a few are drawn. */
  readonly busy: boolean
}

/** Which node is looked at, in every part at once. */
export interface Focus {
  readonly selected: NodeId | undefined
  /** Under the pointer or the keyboard's focus. */
  readonly lit: NodeId | undefined
  select(node: NodeId | undefined): void
  light(node: NodeId | undefined): void
}

/** What may be done to the cluster. Where a run is only shown again there is nothing to do. */
export interface StageActions {
  setCut(links: readonly (readonly [NodeId, NodeId])[], cut: boolean): void
  crash(id: NodeId): void
  restart(id: NodeId): void
  /** Out of the room for good; where nodes belong to people. */
  remove?(id: NodeId): void
  /** A message under way was pointed at, by the id that the movement gave it. */
  pickMessage?(id: string): void
}

type Readable<T> = Pick<StoreApi<T>, 'getState' | 'getInitialState' | 'subscribe'>

interface StageParts {
  readonly cluster: Readable<StageState>
  readonly focus: Readable<Focus>
  readonly movement: Movement
  readonly actions: StageActions | undefined
  /** Each direction of a link is cut by itself. Where it is missing, a link that either end cut is cut. */
  readonly oneWay?: boolean
  /** Another cluster that stands beside this one: what is not the same in both is marked. */
  readonly compared?: Compared
  /** What stands in an entry's cell instead of its usual words; `lines`: how many there are for it. */
  readonly inCell?: (entry: EntrySummary, lines: number) => string | undefined
  /** How wide columns of the logs are that have room for their terms alone, where such are of use. */
  readonly termsAlone?: (
    logs: readonly LogView[],
    columns: number,
    widthInRem: number,
    usual: number,
  ) => number | undefined
  /** What one's own node is: the tab's that shows it (default), or that of the whole browser. */
  readonly own?: 'tab' | 'browser'
  /** What is shown, where there is more than one of it: before the name of each part. */
  readonly title?: string
}

export interface Compared {
  readonly cluster: Readable<StageState>
  /** Whether what a reader sees of a node is the same in both. */
  readonly isSame: (a: NodeView | undefined, b: NodeView | undefined) => boolean
}

export interface Stage extends StageParts {
  /** Everyone in the picture; a seat that has not changed is the same object as before. */
  readonly seatsOf: (state: StageState) => readonly Seat[]
}

/** Once for each run that is shown; then handed to the parts by `StageContext`. */
export function setStage(parts: StageParts): Stage {
  const seated = seating()
  return { ...parts, seatsOf: ({ view, self }) => seated(view, self) }
}

export const StageContext = createContext<Stage | undefined>(undefined)

export function useStage(): Stage {
  const stage = useContext(StageContext)
  if (stage === undefined) throw new Error('rendered outside of a stage')
  return stage
}

export function useCluster<T>(select: (state: StageState) => T): T {
  return useStore(useStage().cluster, select)
}

export function useFocus<T>(select: (focus: Focus) => T): T {
  return useStore(useStage().focus, select)
}

/** The same node in the cluster beside this one; `alone` where there is none beside it. */
export function useCounterpart(id: NodeId): NodeView | undefined | 'alone' {
  const { cluster, compared } = useStage()
  return useStore(compared?.cluster ?? cluster, state => (compared === undefined ? 'alone' : state.view.nodes.get(id)))
}

/** What to call one's own node. */
export function useOwnWord(): string {
  return useStage().own === 'browser' ? picture().thisBrowser : picture().thisTab
}

/** What a part is called, for whoever goes from one to the next. */
export function usePartName(name: string): string {
  const { title } = useStage()
  return title === undefined ? name : `${title}: ${name}`
}

export function useSeats(): readonly Seat[] {
  const { seatsOf } = useStage()
  return useCluster(seatsOf)
}
