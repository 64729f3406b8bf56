/** What an application asks of a leader besides commands, and waits for: changes of membership, and handing over. */
import type { Input, MembershipChange, NodeId, Outcome, RaftStatus } from '@flotilla/core'
import { ClusterError } from '../api.ts'
import type { UnderWay } from '../clients/under-way.ts'

/** What the rules about members need of the node that runs core. */
export interface Steps {
  readonly id: NodeId
  status(): RaftStatus
  step(input: Input): Outcome
  drainNow(): void
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: ClusterError) => void
}

export class LeadersChanges {
  private readonly runtime: Steps
  private readonly underWay: UnderWay
  private readonly changes = new Set<Waiter>()
  private readonly transfers = new Set<Waiter>()

  constructor(runtime: Steps, underWay: UnderWay) {
    this.runtime = runtime
    this.underWay = underWay
  }

  /** Resolves when the change is committed. Rejects with `NotLeader`, `MembershipRefused` or `Timeout`, or as `stop` says. */
  changeMembership(changes: readonly MembershipChange[]): Promise<void> {
    const outcome = this.runtime.step({ type: 'changeMembership', changes })
    if (outcome.kind !== 'configuration') return Promise.reject(refusal('MembershipRefused', outcome))
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject }
      this.changes.add(waiter)
      this.underWay.follow(outcome.index, outcome.term, answer => {
        this.changes.delete(waiter)
        if (answer.kind === 'applied') resolve()
        else if (answer.kind === 'superseded')
          reject(new ClusterError('NotLeader', 'another leader led on without the change'))
        else reject(new ClusterError('Timeout', 'the leader lost its office; the change may still be made'))
      })
    })
  }

  /** Resolves when this node no longer leads. Rejects with `NotLeader` or `TransferRefused`, or as `stop` says. */
  transferLeadership(to: NodeId | undefined): Promise<void> {
    const outcome = this.runtime.step(
      to === undefined ? { type: 'transferLeadership' } : { type: 'transferLeadership', to },
    )
    if (outcome.kind !== 'done') return Promise.reject(refusal('TransferRefused', outcome))
    return new Promise((resolve, reject) => this.transfers.add({ resolve, reject }))
  }

  update({ role, transferringTo }: RaftStatus): void {
    if (transferringTo !== undefined) return
    for (const { resolve, reject } of this.transfers) {
      if (role !== 'leader') resolve()
      else reject(new ClusterError('TransferRefused', 'the other node did not take over in time'))
    }
    this.transfers.clear()
  }

  stop(error: ClusterError): void {
    for (const { reject } of [...this.changes, ...this.transfers]) reject(error)
    this.changes.clear()
    this.transfers.clear()
  }
}

function refusal(kind: 'MembershipRefused' | 'TransferRefused', outcome: Outcome): ClusterError {
  if (outcome.kind === 'NotLeader')
    return new ClusterError('NotLeader', `the leader is ${outcome.leader ?? 'not known'}`)
  const reason = 'reason' in outcome ? `: ${outcome.reason}` : ''
  return new ClusterError(kind, `${outcome.kind}${reason}`)
}
