/**
 * What the picture shows: every node as its trace has told so far. Plain immutable values; whatever did not change
 * keeps its identity, so that React renders only what did.
 */
import { type Configuration, emptyConfiguration, type NodeId, type Role } from '@flotilla/core'
import { story } from '../words/story.ts'
import { isolated, shortened } from './called-name.ts'
import { emptyLog, type LogView } from './log-view.ts'

/**
 * here: its tab is open and linked. crashed: its tab is open, the node is down. closed: its tab, or the node without one,
 * said goodbye.
 * unreachable: no channel to it and no goodbye.
 */
export type Presence = 'here' | 'crashed' | 'closed' | 'unreachable'

export interface CountedVote {
  readonly from: NodeId
  readonly granted: boolean
  readonly preVote: boolean
}

export interface FollowerProgress {
  readonly matchIndex: number
  readonly nextIndex: number
  readonly state: 'probe' | 'replicate' | 'snapshot'
}

export interface NodeView {
  readonly id: NodeId
  /** False while the node is only known from what others say. */
  readonly heard: boolean
  /** `stopped`: it said goodbye. */
  readonly life: 'running' | 'crashed' | 'stopped'
  readonly role: Role
  readonly term: number
  readonly votedFor: NodeId | undefined
  readonly leader: NodeId | undefined
  /** Answers counted in this candidacy, its own among them. */
  readonly votes: readonly CountedVote[]
  readonly log: LogView
  readonly commitIndex: number
  readonly lastApplied: number
  /** At a leader: what it knows of each follower. */
  readonly progress: ReadonlyMap<NodeId, FollowerProgress>
  readonly configuration: Configuration
  readonly configurationIndex: number
  /** Links that this node's user cut. */
  readonly cut: readonly NodeId[]
  /** Peers to which this node has a channel. Not proof of life. */
  readonly linked: readonly NodeId[]
  /** Those of them that it cannot meet: somebody in between carries what they say. */
  readonly relayed: readonly NodeId[]
  /** Known by way of another node only, and in what condition that one sees it; `undefined` where its own trace is heard. */
  readonly told: { readonly by: NodeId; readonly presence: Presence } | undefined
}

export interface ClusterView {
  readonly nodes: ReadonlyMap<NodeId, NodeView>
  /** Every name ever given, also of members that have left. */
  readonly names: ReadonlyMap<NodeId, string>
  /** What people call their nodes. */
  readonly called: ReadonlyMap<NodeId, string>
}

export const emptyView: ClusterView = { nodes: new Map(), names: new Map(), called: new Map() }

export function unheardNode(id: NodeId): NodeView {
  return {
    id,
    heard: false,
    life: 'running',
    role: 'follower',
    term: 0,
    votedFor: undefined,
    leader: undefined,
    votes: [],
    log: emptyLog,
    commitIndex: 0,
    lastApplied: 0,
    progress: new Map(),
    configuration: emptyConfiguration,
    configurationIndex: 0,
    cut: [],
    linked: [],
    relayed: [],
    told: undefined,
  }
}

/**
 * Whether it, or somebody who heard it, told of its inside: so do tabs, and only they. Of any other nobody here knows what it
 * is: an edge node, most likely.
 */
export const isKnownTab = ({ heard, told }: NodeView): boolean => heard || told !== undefined

/** Whether its term is known: by itself, or because others follow it. */
export const hasTerm = ({ heard, term }: NodeView): boolean => heard || term > 0

/** A node's name for people. One that has joined no configuration yet is called by the start of its id. */
export function nameOf(view: ClusterView, id: NodeId): string {
  const name = view.names.get(id) ?? story().newNode(id.slice(0, 4))
  const called = view.called.get(id)
  return called === undefined ? name : withCalledName(name, called)
}

/** As many letters of what a node is called as a sentence bears. */
const LETTERS_IN_SENTENCE = 14

const withCalledName = (name: string, called: string): string =>
  `${name} (${isolated(shortened(called, LETTERS_IN_SENTENCE))})`
