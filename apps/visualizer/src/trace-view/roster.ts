/**
 * Who is in the picture, in which place, and in what condition: the members in the order of their names, then whoever is
 * at the door. Answers also the question on every teacher's mind when nothing commits: is there still a majority?
 */
import { type Configuration, emptyConfiguration, type NodeId } from '@flotilla/core'
import { picture } from '../words/picture.ts'
import { type ClusterView, isKnownTab, type NodeView, type Presence, unheardNode } from './view.ts'

export type { Presence } from './view.ts'

/** What a node is to the eye: its Raft role, unless something else matters more. */
export type Standing = 'leader' | 'candidate' | 'preCandidate' | 'follower' | 'voter' | 'learner' | 'joining'

export interface Seat {
  readonly node: NodeView
  readonly name: string
  /** What its owner calls it. */
  readonly called: string | undefined
  readonly presence: Presence
  readonly standing: Standing
  readonly self: boolean
}

/** Why a voter cannot be reached. `stopped`: it said goodbye, and may never have had a tab. */
export type Absence = Exclude<Presence, 'here'> | 'cut' | 'stopped'

export interface Quorum {
  readonly voters: number
  readonly needed: number
  /** Voters that this node can reach over links that are up, are not cut, and end at a running node. */
  readonly reachable: number
  readonly missing: readonly { readonly id: NodeId; readonly why: Absence }[]
  readonly lost: boolean
}

/** Whether two cannot meet, as far as either says: what they say to each other is carried by somebody in between. */
export function isRelayed(view: ClusterView, a: NodeId, b: NodeId): boolean {
  return (view.nodes.get(a)?.relayed.includes(b) ?? false) || (view.nodes.get(b)?.relayed.includes(a) ?? false)
}

/**
 * The configuration that counts: the leader's of the highest term, or else the one furthest along any log. Who was last heard as a leader leads no
 * more where somebody follows a later one, which may tell nothing.
 */
export function currentConfiguration(view: ClusterView): Configuration {
  let ledTerm = 0
  for (const { life, leader, term } of view.nodes.values())
    if (life === 'running' && leader !== undefined && term > ledTerm) ledTerm = term
  let best: NodeView | undefined
  for (const node of view.nodes.values()) {
    if (node.configuration.members.length === 0 || node.life !== 'running') continue
    if (best === undefined || isFresher(node, best, ledTerm)) best = node
  }
  if (best) return best.configuration
  for (const node of view.nodes.values()) if (node.configuration.members.length > 0) return node.configuration
  return emptyConfiguration
}

function isFresher(a: NodeView, b: NodeView, ledTerm: number): boolean {
  const leads = (node: NodeView) => (node.role === 'leader' && node.term >= ledTerm ? node.term : -1)
  if (leads(a) !== leads(b)) return leads(a) > leads(b)
  return a.configurationIndex > b.configurationIndex
}

/**
 * Everyone worth a place, in a stable order.
 *
 * @param self the node of the tab that watches; `undefined` where all are watched from outside
 */
export function seats(view: ClusterView, self: NodeId | undefined): readonly Seat[] {
  const configuration = currentConfiguration(view)
  const members = configuration.members.map(member => member.id)
  const visitors = [...view.nodes.keys()]
    .filter(
      id =>
        !members.includes(id) &&
        presenceOf(view, self, id) !== 'closed' &&
        presenceOf(view, self, id) !== 'unreachable',
    )
    .sort()
  return [...members, ...visitors].map(id => {
    const presence = presenceOf(view, self, id)
    const known = view.nodes.get(id) ?? unheardNode(id)
    const node = presence === 'here' && !known.heard ? asOthersTell(view, known) : known
    return {
      node,
      name: view.names.get(id) ?? picture().newcomer,
      called: view.called.get(id),
      presence,
      standing: standingOf(configuration, node, presence),
      self: id === self,
    }
  })
}

/** Whether it is linked, but tells nothing of its inside: an edge node, or a tab that has not come to it yet. */
export const isSilent = ({ node, presence }: Seat): boolean => presence === 'here' && !node.heard

/** Of a node that tells nothing, only this is known: whether the others follow it, and in which term. */
function asOthersTell(view: ClusterView, node: NodeView): NodeView {
  const others = [...view.nodes.values()].filter(({ heard, life }) => heard && life === 'running')
  const term = Math.max(0, ...others.map(other => other.term))
  const leads = others.some(other => other.term === term && other.leader === node.id)
  return leads ? { ...node, role: 'leader', term, leader: node.id } : node
}

export function presenceOf(view: ClusterView, self: NodeId | undefined, id: NodeId): Presence {
  const node = view.nodes.get(id)
  if (node?.life === 'crashed') return 'crashed'
  if (id === self) return 'here'
  // A goodbye is the last word: channels to tabs that close together may look open for long.
  if (node?.life === 'stopped') return 'closed'
  // Watched from outside, a node is where it is, whoever has a channel to it.
  const seen = self === undefined ? node?.heard && node.life === 'running' : view.nodes.get(self)?.linked.includes(id)
  if (seen) return 'here'
  // In a room of many, not everybody has a link to everybody; whoever has one tells, for as long as it can be heard itself.
  const { told } = node ?? {}
  if (told && self !== undefined && view.nodes.get(self)?.linked.includes(told.by)) return told.presence
  return 'unreachable'
}

function standingOf(configuration: Configuration, node: NodeView, presence: Presence): Standing {
  if (presence === 'here' && actsAsVoter(node)) return node.role
  const votes = isVoter(configuration, node.id)
  // One that tells nothing may follow or campaign: only that it leads is told by others.
  if (votes) return node.heard || node.role === 'leader' ? node.role : 'voter'
  return configuration.members.some(member => member.id === node.id) ? 'learner' : 'joining'
}

/**
 * Whether it votes by what it knows itself, whatever counts elsewhere: a server acts by the latest configuration in its own
 * log, one that was removed and has not heard of it as well as one that was let in and is alone with the news. Only for as
 * long as it runs and is seen to: what one that is away knew may be long out of date.
 */
function actsAsVoter(node: NodeView): boolean {
  if (!node.heard || node.told !== undefined) return false
  // Whoever leaves leads until its own removal is committed.
  return isVoter(node.configuration, node.id) || node.role !== 'follower'
}

export function isVoter({ voters, oldVoters }: Configuration, id: NodeId): boolean {
  return voters.includes(id) || oldVoters.includes(id)
}

/** Of how many a candidate asks for votes: those of both configurations, while its own is joint. */
export function electorateOf({ configuration: { voters, oldVoters } }: NodeView): number {
  return new Set([...voters, ...oldVoters]).size
}

/** Both ends see a cut; one of them is enough to make it one. */
/** Whether what `from` sends to `to` is lost. */
export function isCutOneWay(view: ClusterView, from: NodeId, to: NodeId): boolean {
  return view.nodes.get(from)?.cut.includes(to) ?? false
}

export function isCut(view: ClusterView, a: NodeId, b: NodeId): boolean {
  return (view.nodes.get(a)?.cut.includes(b) ?? false) || (view.nodes.get(b)?.cut.includes(a) ?? false)
}

/** Whether this node's side of the cluster holds a majority, and who is missing if it does not. */
export function quorumOf(view: ClusterView, self: NodeId): Quorum {
  const configuration = currentConfiguration(view)
  const side = reachableFrom(view, self)
  const count = (voters: readonly NodeId[]) => voters.filter(id => side.has(id)).length
  const majority = (voters: readonly NodeId[]) => Math.floor(voters.length / 2) + 1
  const { voters, oldVoters } = configuration
  const missing = voters.filter(id => !side.has(id)).map(id => ({ id, why: absenceOf(view, self, id) }))
  return {
    voters: voters.length,
    needed: majority(voters),
    reachable: count(voters),
    missing,
    lost:
      voters.length > 0 &&
      (count(voters) < majority(voters) || (oldVoters.length > 0 && count(oldVoters) < majority(oldVoters))),
  }
}

function absenceOf(view: ClusterView, self: NodeId, id: NodeId): Absence {
  const presence = presenceOf(view, self, id)
  if (presence === 'here') return 'cut'
  const node = view.nodes.get(id)
  return presence === 'closed' && node !== undefined && !isKnownTab(node) ? 'stopped' : presence
}

/** How many more voters may be lost from now on; `undefined` while there is no majority to lose. */
export function survivedBy({ lost, reachable, needed }: Quorum): number | undefined {
  return lost ? undefined : reachable - needed
}

/** Whether there would be no majority even if every link were healed, and every crashed node whose tab is open started again. */
export function isBeyondMending({ lost, reachable, needed, missing }: Quorum): boolean {
  const mendable = missing.filter(({ why }) => why === 'cut' || why === 'crashed').length
  return lost && reachable + mendable < needed
}

/** Whether `id` runs, but no message goes between it and `self`, not even through others. */
export function isBehindCuts(view: ClusterView, self: NodeId, id: NodeId): boolean {
  if (![...view.nodes.values()].some(({ cut }) => cut.length > 0)) return false
  return presenceOf(view, self, id) === 'here' && !reachableFrom(view, self).has(id)
}

/** The running nodes that can exchange messages with `self`, directly or through others. */
function reachableFrom(view: ClusterView, self: NodeId): ReadonlySet<NodeId> {
  // A member may be linked and tell no trace: an edge node is no tab, and takes part all the same.
  const members = currentConfiguration(view).members.map(({ id }) => id)
  const known = new Set([...view.nodes.keys(), ...members])
  const alive = [...known].filter(id => presenceOf(view, self, id) === 'here')
  const reached = new Set(alive.includes(self) ? [self] : [])
  for (const from of reached) {
    for (const to of alive) if (!reached.has(to) && !isCut(view, from, to)) reached.add(to)
  }
  return reached
}
