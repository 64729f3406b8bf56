/** What leaders asked of whom and when, and who answered: seen from outside, by the rounds that messages and answers carry. */
import type { Message, NodeId } from '@flotilla/core'
import type { NodeView } from './view.ts'

interface Moment {
  /** On the leader's own clock. */
  readonly reading: number
  /** How many messages had been sent before it by anybody. */
  readonly messages: number
}

interface Office {
  readonly term: number
  readonly incarnation: number
  /** When the first message of each round left, by follower and round. */
  readonly sent: Map<NodeId, Map<number, Moment>>
  /** The latest such moment that each follower has answered. */
  readonly answered: Map<NodeId, Moment>
}

/** For leaders that lead now. */
export class Rounds {
  private readonly offices = new Map<NodeView, Office>()

  sent(leader: NodeView, message: Message, messages: number): void {
    if (message.type !== 'AppendEntries' && message.type !== 'InstallSnapshot') return
    const { sent } = this.office(leader, message.term)
    let rounds = sent.get(message.to)
    if (rounds === undefined) {
      rounds = new Map()
      sent.set(message.to, rounds)
    }
    if (!rounds.has(message.round)) rounds.set(message.round, { reading: leader.reading, messages })
  }

  received(leader: NodeView, message: Message): void {
    if (message.type !== 'AppendEntriesResult' && message.type !== 'InstallSnapshotResult') return
    const { status } = leader
    if (status?.role !== 'leader' || status.currentTerm !== message.term) return
    const { sent, answered } = this.office(leader, message.term)
    const rounds = sent.get(message.from)
    const moment = rounds?.get(message.round)
    if (moment === undefined || rounds === undefined) return
    for (const round of rounds.keys()) if (round < message.round) rounds.delete(round)
    const before = answered.get(message.from)
    if (before === undefined || moment.messages > before.messages) answered.set(message.from, moment)
  }

  /** Whether a majority of every configuration in force there has answered since, the leader itself among them if it votes. */
  isConfirmed(leader: NodeView, isLate: (moment: Moment) => boolean): boolean {
    // What ends its office may come in one step with what it did in it.
    const status = [leader.status, leader.previous].find(each => each?.role === 'leader')
    if (status === undefined) return false
    const { answered } = this.office(leader, status.currentTerm)
    const holds = (id: NodeId): boolean => {
      const moment = answered.get(id)
      return id === leader.id || (moment !== undefined && isLate(moment))
    }
    const { voters, oldVoters } = status.configuration
    return [voters, oldVoters].every(each => each.length === 0 || 2 * each.filter(holds).length > each.length)
  }

  private office(leader: NodeView, term: number): Office {
    const known = this.offices.get(leader)
    if (known?.term === term && known.incarnation === leader.incarnation) return known
    const office = { term, incarnation: leader.incarnation, sent: new Map(), answered: new Map() }
    this.offices.set(leader, office)
    return office
  }
}
