/**
 * Whom this node listens to, of all who reach it. Raft takes a leader or a candidate that its configuration does not name at its
 * word (dissertation §4.1), because a node that was away may not know the members of today. Where somebody is asked before a
 * newcomer is let in, those who wait at the door would be taken at their word too; and so would whoever was removed. So there a
 * stranger is listened to only when a member vouches for it, out of a newer configuration than ours. Those whose configuration keeps nobody out
 * any more say nothing by themselves, so a node that turns somebody away says what it knows, and whoever knows more says so.
 *
 * A node that hears no member that it knows may be the one that was away, and those who speak all there is: it listens again,
 * as Raft would, or a room whose old members are gone could never come together.
 */
import { type Configuration, isMember, type NodeId, type RaftStatus } from '@flotilla/core'
import type { Admission } from '../wire/house-rules.ts'

/** Without a word of a member that it knows, a node listens to everybody. Milliseconds. */
const OUT_OF_TOUCH_MS = 10_000

export interface Word {
  /** Up to where in the log whoever says it knows the members. */
  readonly index: number
  readonly members: readonly NodeId[]
}

export class Doorkeeper {
  readonly #self: NodeId
  #configuration: Configuration | undefined = undefined
  /** Where it stands in the log, 0 being in the snapshot. */
  #configurationIndex: number | undefined = undefined
  #knowsUpTo = 0
  #isSettled = false
  /** The last one that was known to be committed: what came after it may be undone. */
  #settled: Configuration | undefined = undefined
  readonly #words = new Map<NodeId, Word>()
  #heardAt: number
  admission: Admission = 'open'

  constructor(self: NodeId, now: number) {
    this.#self = self
    this.#heardAt = now
  }

  /** Gives whether there is something new to vouch for. */
  update({ configuration, configurationIndex, commitIndex, snapshotIndex }: RaftStatus): boolean {
    const isNew = configurationIndex !== this.#configurationIndex
    this.#configuration = configuration
    this.#configurationIndex = configurationIndex
    this.#isSettled = configurationIndex <= commitIndex
    if (this.#isSettled) this.#settled = configuration
    const knowsUpTo = Math.max(configurationIndex, snapshotIndex)
    if (knowsUpTo !== this.#knowsUpTo) {
      this.#knowsUpTo = knowsUpTo
      for (const [from, { index }] of this.#words) if (index <= knowsUpTo) this.#words.delete(from)
    }
    return isNew
  }

  /** What this node has to say of the members; `undefined` where it is none. */
  get word(): Word | undefined {
    const configuration = this.#configuration
    if (configuration === undefined || !isMember(configuration, this.#self)) return undefined
    return { index: this.#knowsUpTo, members: configuration.members.map(({ id }) => id) }
  }

  /** Only where somebody may be kept outside does it matter who is inside. */
  get keepsSomebodyOut(): boolean {
    return this.admission === 'asked' || (this.#configuration?.expelled.length ?? 0) > 0
  }

  /** A member says who else is one. */
  vouched(from: NodeId, word: Word): void {
    if (word.index > this.#knowsUpTo && this.#isKnown(from)) this.#words.set(from, word)
  }

  unlinked(peer: NodeId): void {
    this.#words.delete(peer)
  }

  /** To be asked of every frame, once. */
  hears(from: NodeId, now: number): boolean {
    if (this.#isKnown(from)) {
      this.#heardAt = now
      return true
    }
    return !this.#isClosedTo(from) || now - this.#heardAt >= OUT_OF_TOUCH_MS
  }

  /** Whether it may be told what goes on in the room. */
  tells(peer: NodeId): boolean {
    return this.#isKnown(peer) || !this.#isClosedTo(peer)
  }

  /** As far as this node knows, or is told by those it knows. */
  #isKnown(id: NodeId): boolean {
    const configuration = this.#configuration
    const settled = this.#settled
    if (configuration === undefined || !isMember(configuration, this.#self)) return true
    if (isMember(configuration, id) || configuration.oldVoters.includes(id)) return true
    if (!this.#isSettled && (settled === undefined || isMember(settled, id))) return true
    for (const { members } of this.#words.values()) if (members.includes(id)) return true
    return false
  }

  #isClosedTo(id: NodeId): boolean {
    return this.admission === 'asked' || this.#configuration?.expelled.includes(id) === true
  }
}
