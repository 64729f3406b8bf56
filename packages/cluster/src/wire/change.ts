/** Changes that only a leader can make, and that anybody's application may ask for. */
import type { NodeId } from '@flotilla/core'
import type { Admission } from './house-rules.ts'

export type Change =
  | { readonly type: 'addLearner'; readonly id: NodeId }
  /** A learner first, and a voter when it has caught up. */
  | { readonly type: 'addVoter'; readonly id: NodeId }
  /** It is not let in again before somebody adds it. */
  | { readonly type: 'expel'; readonly id: NodeId }
  /** It goes by its own will, and may ask to be let in again. */
  | { readonly type: 'leave'; readonly id: NodeId }
  /** It asked to be let in, and is not: it may stand at the door, and nobody is asked again. */
  | { readonly type: 'refuse'; readonly id: NodeId }
  /** Whether somebody is asked before a newcomer is let in. */
  | { readonly type: 'admission'; readonly admission: Admission }
  /** A learner that is ready, drawn by lot, votes in the place of a voter that does not lead. */
  | { readonly type: 'swap' }
  /** Without `id`: to whoever is placed best. */
  | { readonly type: 'transfer'; readonly id: NodeId | undefined }

/** What only the application can do something about. */
export type ChangeErrorKind = 'MembershipRefused' | 'TransferRefused' | 'RoomFull'

export type ChangeAnswer =
  /** It is committed, or was so before. */
  | { readonly kind: 'done' }
  /** Another one leads, or nobody: whether the change was made, asking again will tell. */
  | { readonly kind: 'notLeader'; readonly leader: NodeId | undefined }
  /** Another change is under way. */
  | { readonly kind: 'later' }
  | { readonly kind: 'refused'; readonly error: ChangeErrorKind; readonly reason: string }
