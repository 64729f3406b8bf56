/** At the leader: makes the changes that it is asked for, and says when they are committed. */
import {
  type Input,
  isMember,
  type MembershipChange,
  type NodeId,
  type Outcome,
  type Proposed,
  type RaftStatus,
} from '@flotilla/core'
import type { Change, ChangeAnswer, ChangeErrorKind } from '../wire/change.ts'
import { encodeEnvelope } from '../wire/command.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import type { HouseRuleChange, HouseRules } from '../wire/house-rules.ts'
import { isInTransition } from './autopilot.ts'
import { MAX_ROOM_MEMBERS } from './autopilot-options.ts'
import type { Departure } from './departure.ts'

/** What the rules about members need of the node that runs core. */
export interface Steps {
  readonly id: NodeId
  status(): RaftStatus
  step(input: Input): Outcome
  propose(data: Uint8Array): Proposed
  drainNow(): void
}

export interface LeadersChangesHost {
  readonly runtime: Steps
  /** Tells what becomes of an entry that this node appended. */
  follow(index: number, term: number, answer: (answer: ProposeAnswer) => void): void
  rules(): HouseRules
  /** Who would lead best, besides this node. */
  successor(): NodeId | undefined
  /** Whether it may vote beside those who do (`lasting.ts`). */
  mayVote(id: NodeId): boolean
  /** One learner for one voter, or why not. */
  drawSwap(): readonly MembershipChange[] | string
  /** What lets a member go without leaving the room stuck, if anything does now. */
  depart(departure: Departure): readonly MembershipChange[] | 'later'
  /** A member that is to vote as soon as it can. */
  wished(): void
}

type Settle = (answer: ChangeAnswer) => void

const done: ChangeAnswer = { kind: 'done' }

export class LeadersChanges {
  /** Members that are to vote when they have caught up, however many vote already, and who wants to know. */
  readonly #promotions = new Map<NodeId, Settle[]>()
  readonly #host: LeadersChangesHost
  readonly #transfers = new Set<Settle>()

  constructor(host: LeadersChangesHost) {
    this.#host = host
  }

  get wanted(): ReadonlySet<NodeId> {
    return new Set(this.#promotions.keys())
  }

  get hasSuccessor(): boolean {
    return this.#host.runtime.status().role === 'leader' && this.#host.successor() !== undefined
  }

  /** @param again it was asked for before, and may have been made then: what is so already is no mistake */
  make(change: Change, again: boolean): Promise<ChangeAnswer> {
    const { role, leader } = this.#host.runtime.status()
    if (role !== 'leader') return Promise.resolve({ kind: 'notLeader', leader })
    switch (change.type) {
      case 'addLearner':
        return this.#add(change.id, again)
      case 'addVoter':
        return this.#addVoter(change.id, again)
      case 'expel':
        return this.#letGo(change, again)
      case 'leave':
        // Whoever asks whether it has left may not know yet that it has.
        return this.#letGo({ type: 'remove', id: change.id }, true)
      case 'transfer':
        return this.#transfer(change.id)
      case 'swap':
        return this.#swap()
      case 'refuse':
        return this.#host.rules().refused.includes(change.id) ? Promise.resolve(done) : this.amend(change)
      case 'admission':
        return this.#host.rules().admission === change.admission ? Promise.resolve(done) : this.amend(change)
      default:
        return change satisfies never
    }
  }

  update(status: RaftStatus): void {
    const { role, leader, configuration, configurationIndex, commitIndex, transferringTo } = status
    if (transferringTo === undefined) {
      for (const settle of this.#transfers) {
        settle(role === 'leader' ? refused('TransferRefused', 'the other node did not take over in time') : done)
      }
      this.#transfers.clear()
    }
    for (const [id, waiting] of this.#promotions) {
      let answer: ChangeAnswer | undefined
      if (role !== 'leader') answer = { kind: 'notLeader', leader }
      else if (!isMember(configuration, id)) answer = refused('MembershipRefused', 'it was removed meanwhile')
      else if (configuration.voters.includes(id) && configurationIndex <= commitIndex) answer = done
      if (answer === undefined) continue
      this.#promotions.delete(id)
      for (const settle of waiting) settle(answer)
    }
  }

  async #add(id: NodeId, again: boolean): Promise<ChangeAnswer> {
    const { configuration } = this.#host.runtime.status()
    if (!isMember(configuration, id) && configuration.members.length >= MAX_ROOM_MEMBERS) {
      return refused('RoomFull', `a room has at most ${MAX_ROOM_MEMBERS} members`)
    }
    return this.#reshape([{ type: 'addLearner', id }], again)
  }

  /** As a voter at once it would count in every majority before anybody knows whether it exists. */
  async #addVoter(id: NodeId, again: boolean): Promise<ChangeAnswer> {
    const { configuration } = this.#host.runtime.status()
    if (configuration.voters.includes(id)) return this.#reshape([{ type: 'addVoter', id }], again)
    if (!isMember(configuration, id)) {
      const joined = await this.#add(id, again)
      if (joined.kind !== 'done') return joined
    }
    if (!this.#host.mayVote(id)) {
      return refused('MembershipRefused', 'edge nodes vote here, and would then depend on a tab; it is a learner')
    }
    return new Promise(settle => {
      this.#promotions.set(id, [...(this.#promotions.get(id) ?? []), settle])
      this.update(this.#host.runtime.status())
      this.#host.wished()
    })
  }

  #swap(): Promise<ChangeAnswer> {
    if (isInTransition(this.#host.runtime.status())) return Promise.resolve({ kind: 'later' })
    const drawn = this.#host.drawSwap()
    return typeof drawn === 'string'
      ? Promise.resolve(refused('MembershipRefused', drawn))
      : this.#reshape(drawn, false)
  }

  async #letGo(departure: Departure, again: boolean): Promise<ChangeAnswer> {
    const changes = this.#host.depart(departure)
    if (changes === 'later') return { kind: 'later' }
    const answer = await this.#reshape(changes, again)
    // With another in its place the change is a joint one, in which its vote counts to the end (§6): who asks again hears when it has gone.
    return answer.kind === 'done' && changes.length > 1 ? { kind: 'later' } : answer
  }

  #reshape(changes: readonly MembershipChange[], again: boolean): Promise<ChangeAnswer> {
    const { runtime } = this.#host
    const outcome = runtime.step({ type: 'changeMembership', changes })
    if (outcome.kind !== 'configuration') return Promise.resolve(answerOf('MembershipRefused', outcome, again))
    return this.#committed(outcome.index, outcome.term)
  }

  #committed(index: number, term: number): Promise<ChangeAnswer> {
    const { runtime, follow } = this.#host
    return new Promise(settle =>
      follow(index, term, ({ kind }) =>
        settle(kind === 'applied' ? done : { kind: 'notLeader', leader: runtime.status().leader }),
      ),
    )
  }

  /** Committed like a command, and applied by every node. */
  amend(change: HouseRuleChange): Promise<ChangeAnswer> {
    const { runtime } = this.#host
    const outcome = runtime.propose(encodeEnvelope({ kind: 'amend', change }))
    if (outcome.kind === 'Overloaded') return Promise.resolve({ kind: 'later' })
    if (outcome.kind !== 'command') return Promise.resolve(answerOf('MembershipRefused', outcome, false))
    return this.#committed(outcome.index, outcome.term)
  }

  #transfer(id: NodeId | undefined): Promise<ChangeAnswer> {
    const { runtime } = this.#host
    if (id === runtime.id) return Promise.resolve(done)
    const to = id ?? this.#host.successor()
    if (to === undefined) return Promise.resolve(refused('TransferRefused', 'no other voter is in reach'))
    const outcome = runtime.step({ type: 'transferLeadership', to })
    if (outcome.kind !== 'done') return Promise.resolve(answerOf('TransferRefused', outcome, false))
    return new Promise(settle => this.#transfers.add(settle))
  }
}

const refused = (error: ChangeErrorKind, reason: string): ChangeAnswer => ({ kind: 'refused', error, reason })

function answerOf(error: ChangeErrorKind, outcome: Outcome, again: boolean): ChangeAnswer {
  switch (outcome.kind) {
    case 'NotLeader':
      return { kind: 'notLeader', leader: outcome.leader }
    case 'ConfigurationInFlight':
    case 'OwnTermNotCommitted':
      return { kind: 'later' }
    case 'InvalidChange': {
      const { reason } = outcome
      if (reason === 'joint') return { kind: 'later' }
      return again && (reason === 'alreadySo' || reason === 'notMember') ? done : refused(error, reason)
    }
    default:
      return refused(error, 'reason' in outcome ? `${outcome.kind}: ${outcome.reason}` : outcome.kind)
  }
}
