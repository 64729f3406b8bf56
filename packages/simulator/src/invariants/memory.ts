/**
 * What the invariants remember from one observation to the next. It lies with the ghost and not in each invariant's own
 * variables, so that whoever copies a ghost copies all that judges by it.
 */
import type { NodeId } from '@flotilla/core'
import type { PlacedConfiguration } from './shadow-log.ts'
import type { NodeView } from './view.ts'

/** What one leader in one term believes of each follower. */
export interface Beliefs {
  readonly term: number
  readonly incarnation: number
  readonly match: Map<NodeId, number>
  /** How many messages had been sent in all when it began to follow that one. */
  readonly since: Map<NodeId, number>
  /** Whom it came to believe more of in its latest event. */
  moved: NodeId | undefined
}

/** A vote, and what the log was when it was given. */
export interface GivenVote {
  readonly candidate: NodeId
  readonly lastIndex: number
  readonly lastTerm: number
}

export class Memory {
  /** Of each node, by term, for whom it voted. */
  readonly votes = new Map<NodeView, Map<number, NodeId>>()
  /** Of each node, by term. */
  readonly givenVotes = new Map<NodeView, Map<number, GivenVote>>()
  /** By index: term, hash, term, hash, … as first appended. */
  readonly prefixes: number[][] = []
  readonly beliefs = new Map<NodeView, Beliefs>()
  /** Of each node, the last configuration in its log that was compared with what it goes by. */
  readonly compared = new Map<NodeView, PlacedConfiguration>()
  /** Who has been asked for a vote by one whose log was behind, and has neither heard a leader since nor led. */
  readonly needed = new Set<NodeView>()
  /** By operation, the index at which it took effect. */
  readonly effects = new Map<number, number>()
  /** Whom each candidate has asked. */
  readonly campaigns = new Map<NodeView, { term: number; peers: Set<NodeId> }>()
  /** The terms in which each node was asked to campaign at once. */
  readonly heirs = new Map<NodeView, Set<number>>()
}
