/** 24. A campaign asks each peer for its vote once; nobody answers one message with a storm. (Idle traffic is measured by run.ts.) */
import type { InvariantFactory } from './invariant.ts'

export const noStorm: InvariantFactory = (ghost, report) => {
  const { campaigns: asked } = ghost.memory
  return {
    number: 24,
    name: 'No Storm',
    sent(node, message) {
      if (message.type !== 'RequestVote') return
      let campaign = asked.get(node)
      if (campaign === undefined || campaign.term !== message.term) {
        campaign = { term: message.term, peers: new Set() }
        asked.set(node, campaign)
      }
      if (campaign.peers.has(message.to))
        report(`${node.id} asks ${message.to} twice for its vote in term ${message.term}`)
      campaign.peers.add(message.to)
    },
  }
}
