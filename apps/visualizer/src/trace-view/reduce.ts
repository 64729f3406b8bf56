/**
 * One trace event in, the next view out. Pure, and patient: events of different nodes come in any order, and a node's
 * first events may be missing, so nothing here presumes what it has not seen.
 *
 * Messages and timers are not here: they change many times a second and never the picture's structure (`motion.ts`).
 */
import type { Configuration, NodeId, TraceEvent } from '@flotilla/core'
import {
  appendEntries,
  becomeDurable,
  beginPersist,
  compactLog,
  logFromDisk,
  loseMemory,
  truncateLog,
} from './log-view.ts'
import { type ClusterView, type CountedVote, isKnownTab, type NodeView, unheardNode } from './view.ts'

export function reduce(view: ClusterView, event: TraceEvent): ClusterView {
  const before = view.nodes.get(event.node) ?? unheardNode(event.node)
  const after = reduceNode(before, event)
  const names = 'configuration' in event ? learnNames(view.names, event.configuration) : view.names
  const back = returned(view, before, event)
  if (after === before && names === view.names && view.nodes.has(event.node) && back === undefined) return view
  if (after === view.nodes.get(event.node) && back === undefined) return { ...view, names }
  const nodes = new Map(view.nodes).set(event.node, after)
  return { ...view, names, nodes: back === undefined ? nodes : nodes.set(back.id, back) }
}

/** Who tells nothing does not tell that it is back either: a new link to it does. */
function returned(view: ClusterView, before: NodeView, event: TraceEvent): NodeView | undefined {
  if (event.type !== 'link' || !event.up || before.linked.includes(event.peer)) return undefined
  const peer = view.nodes.get(event.peer)
  return peer?.life === 'stopped' && !isKnownTab(peer) ? { ...peer, life: 'running' } : undefined
}

export function reduceNode(node: NodeView, event: TraceEvent): NodeView {
  switch (event.type) {
    case 'started':
      return {
        ...unheardNode(node.id),
        heard: true,
        term: event.term,
        votedFor: event.votedFor,
        log: logFromDisk(event.snapshotIndex, event.snapshotTerm, event.entries),
        commitIndex: event.snapshotIndex,
        lastApplied: event.snapshotIndex,
        configuration: event.configuration,
        cut: node.cut,
        linked: node.linked,
        relayed: node.relayed,
      }
    case 'role': {
      const moved = { ...inTerm(node, event.term), role: event.role }
      if (event.role === 'candidate' || event.role === 'preCandidate')
        return { ...moved, votes: [], progress: noProgress }
      return event.role === 'leader' ? { ...moved, leader: node.id } : { ...moved, votes: [], progress: noProgress }
    }
    case 'term':
      return inTerm(node, event.term)
    case 'leader':
      return { ...inTerm(node, event.term), leader: event.leader }
    case 'vote': {
      if (event.preVote || !event.granted) return node
      const voted = { ...inTerm(node, event.term), votedFor: event.candidate }
      return event.candidate === node.id ? countVote(voted, { from: node.id, granted: true, preVote: false }) : voted
    }
    case 'voteCounted':
      return countVote(node, { from: event.from, granted: event.granted, preVote: event.preVote })
    case 'appended':
      return { ...node, log: appendEntries(node.log, event.entries) }
    case 'truncated':
      return { ...node, log: truncateLog(node.log, event.from) }
    case 'committed':
      return event.index > node.commitIndex ? { ...node, commitIndex: event.index } : node
    case 'applied':
      return event.index > node.lastApplied ? { ...node, lastApplied: event.index } : node
    case 'configuration':
      return { ...node, configuration: event.configuration, configurationIndex: event.index }
    case 'progress': {
      const progress = withProgress(node, event)
      return progress === node.progress ? node : { ...node, progress }
    }
    case 'snapshot': {
      const log = compactLog(node.log, event.index, event.term, event.action === 'installed')
      if (event.action === 'taken') return { ...node, log }
      return {
        ...node,
        log,
        commitIndex: Math.max(node.commitIndex, event.index),
        lastApplied: Math.max(node.lastApplied, event.index),
      }
    }
    case 'persisting':
      return { ...node, log: beginPersist(node.log, event.token) }
    case 'durable': {
      const log = becomeDurable(node.log, event.token, event.lastIndex)
      return log === node.log ? node : { ...node, log }
    }
    case 'link':
      return {
        ...node,
        linked: withPeer(node.linked, event.peer, event.up),
        relayed: withPeer(node.relayed, event.peer, event.up && event.relayed === true),
      }
    case 'cut':
      return { ...node, cut: event.peers }
    case 'crashed':
      return { ...node, life: 'crashed', log: loseMemory(node.log), votes: [], progress: noProgress, leader: undefined }
    case 'stopped':
      return { ...node, life: 'stopped', votes: [], progress: noProgress, leader: undefined, linked: [], relayed: [] }
    case 'timer':
    case 'sent':
    case 'delivered':
    case 'dropped':
    case 'refused':
    case 'transfer':
    case 'resumed':
      return node
    default:
      event satisfies never
      return node
  }
}

const noProgress: NodeView['progress'] = new Map()

/** A higher term forgets the vote, the votes and the leader of the lower one. */
function inTerm(node: NodeView, term: number): NodeView {
  if (term <= node.term) return node
  return { ...node, term, votedFor: undefined, leader: undefined, votes: [] }
}

function countVote(node: NodeView, vote: CountedVote): NodeView {
  const others = node.votes.filter(other => other.from !== vote.from || other.preVote !== vote.preVote)
  return { ...node, votes: [...others, vote] }
}

function withProgress(node: NodeView, event: Extract<TraceEvent, { type: 'progress' }>): NodeView['progress'] {
  const { matchIndex, nextIndex, state } = event
  const known = node.progress.get(event.follower)
  if (known?.matchIndex === matchIndex && known.nextIndex === nextIndex && known.state === state) return node.progress
  return new Map(node.progress).set(event.follower, { matchIndex, nextIndex, state })
}

function withPeer(peers: readonly NodeId[], peer: NodeId, present: boolean): readonly NodeId[] {
  if (peers.includes(peer) === present) return peers
  return present ? [...peers, peer] : peers.filter(other => other !== peer)
}

function learnNames(names: ClusterView['names'], configuration: Configuration): ClusterView['names'] {
  const news = configuration.members.filter(({ id, name }) => names.get(id) !== name)
  if (news.length === 0) return names
  const next = new Map(names)
  for (const { id, name } of news) next.set(id, name)
  return next
}
