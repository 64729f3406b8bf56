/** Which leaders may read without asking anybody, seen from outside (dissertation §6.4.1). */
import type { Message } from '@flotilla/core'
import type { Rounds } from './rounds.ts'
import type { NodeView } from './view.ts'

export class Leases {
  private readonly rounds: Rounds
  private readonly lastsMs: number
  /** The term in which each handed over: that ends the lease for as long as it leads. */
  private readonly handedOver = new Map<NodeView, number>()

  constructor(rounds: Rounds, lastsMs: number) {
    this.rounds = rounds
    this.lastsMs = lastsMs
  }

  stepped(node: NodeView): void {
    if (node.status?.transferringTo !== undefined) this.handedOver.set(node, node.status.currentTerm)
  }

  sent(node: NodeView, message: Message): void {
    if (message.type === 'TimeoutNow') this.handedOver.set(node, message.term)
  }

  /** Whether a majority has been heard so lately, by the leader's own clock, that it elects nobody else yet. */
  isHeld(leader: NodeView, now: number): boolean {
    if (this.handedOver.get(leader) === leader.status?.currentTerm) return false
    return this.rounds.isConfirmed(leader, ({ reading }) => now - reading < this.lastsMs)
  }
}
