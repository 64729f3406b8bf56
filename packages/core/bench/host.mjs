/** What hosts nodes in one process, whichever Raft they run: messages go from node to node by function call, as the bench asks. */

/**
 * A subclass makes `nodes`, each with an `id`, `applied` (entries so far), `propose(data)`, `receive(message)` and `pump()`, of
 * which the first and the last put what is to be sent into `queue`; names the `leader`; and sets `base` to what had to be
 * applied to get there.
 */
export class Host {
  queue = []
  nodes = []
  leader = undefined
  base = 0

  /**
   * Delivers what is under way now, not what that causes. What reaches a node together is taken together, as the runtime does
   * with whatever came before its next microtask.
   */
  hop() {
    const { queue } = this
    this.queue = []
    for (const message of queue) {
      const node = this.node(message.to)
      node.receive(message)
      node.isDue = true
    }
    for (const node of this.nodes) {
      if (!node.isDue) continue
      node.isDue = false
      node.pump()
    }
  }

  node(id) {
    for (const node of this.nodes) if (node.id === id) return node
    throw new Error(`no node ${id}`)
  }

  settle() {
    while (this.queue.length > 0) this.hop()
  }

  appliedEverywhere() {
    let least = Number.POSITIVE_INFINITY
    for (const node of this.nodes) if (node.applied < least) least = node.applied
    return least - this.base
  }

  sequential(count, payload) {
    for (let i = 0; i < count; i++) {
      this.leader.propose(payload())
      this.settle()
    }
    if (this.appliedEverywhere() !== count) throw new Error('not applied everywhere')
  }

  inflight(count, payload, window = 1000) {
    const { leader } = this
    let proposed = 0
    while (this.appliedEverywhere() < count) {
      for (; proposed < count && proposed + this.base - leader.applied < window; proposed++) {
        leader.propose(payload())
      }
      this.hop()
    }
  }
}
