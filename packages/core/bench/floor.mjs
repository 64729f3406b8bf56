/**
 * The bare loop that core is compared with: leader and followers that only append, acknowledge and count. No elections,
 * no conflicts, no disks, no terms beyond an equality: what the same data structures cost without Raft. With
 * `compactEvery` each node lets go of what it has applied whenever that is so many entries.
 */

/** @typedef {{ index: number, term: number, data: Uint8Array }} Entry */

export class Floor {
  constructor(size, compactEvery = 1e9) {
    this.compactEvery = compactEvery
    this.nodes = Array.from({ length: size }, (_, id) => ({
      id,
      log: [],
      dropped: 0,
      commitIndex: 0,
      applied: 0,
      bytes: 0,
      matchIndex: new Array(size).fill(0),
      nextIndex: new Array(size).fill(1),
    }))
    this.leader = this.nodes[0]
    this.queue = []
    this.matches = new Array(size)
  }

  propose(data) {
    const { log, dropped, matchIndex } = this.leader
    log.push({ index: dropped + log.length + 1, term: 1, data })
    matchIndex[0] = dropped + log.length
  }

  /** To each follower what it lacks, at most `max` entries; without entries it is the news of the commit index. */
  send(max) {
    const { leader } = this
    const { log, dropped } = leader
    for (let to = 1; to < this.nodes.length; to++) {
      const from = leader.nextIndex[to]
      const last = Math.min(dropped + log.length, from + max - 1)
      const entries = last >= from ? log.slice(from - 1 - dropped, last - dropped) : []
      const prevTerm = from === 1 ? 0 : log[from - 2 - dropped].term
      this.queue.push({
        type: 'append',
        from: 0,
        to,
        term: 1,
        prevIndex: from - 1,
        prevTerm,
        entries,
        commitIndex: leader.commitIndex,
        matchIndex: 0,
        success: true,
      })
      leader.nextIndex[to] = Math.max(last, from - 1) + 1
    }
  }

  deliver(message) {
    const node = this.nodes[message.to]
    if (message.type === 'append') {
      const { prevIndex, entries } = message
      const { log, dropped } = node
      const fits = message.term === 1 && (prevIndex === 0 || log[prevIndex - 1 - dropped]?.term === message.prevTerm)
      if (fits) {
        for (const entry of entries) if (entry.index === dropped + log.length + 1) log.push(entry)
        const last = prevIndex + entries.length
        if (Math.min(message.commitIndex, last) > node.commitIndex)
          this.apply(node, Math.min(message.commitIndex, last))
      }
      this.queue.push({
        type: 'acknowledge',
        from: node.id,
        to: 0,
        term: 1,
        prevIndex: 0,
        prevTerm: 0,
        entries: null,
        commitIndex: 0,
        matchIndex: fits ? prevIndex + entries.length : 0,
        success: fits,
      })
      return
    }
    if (message.matchIndex <= node.matchIndex[message.from]) return
    node.matchIndex[message.from] = message.matchIndex
    const index = this.majority(node.matchIndex)
    if (index > node.commitIndex && node.log[index - 1 - node.dropped].term === 1) this.apply(node, index)
  }

  apply(node, to) {
    const { log, dropped } = node
    node.commitIndex = to
    while (node.applied < to) node.bytes += log[node.applied++ - dropped].data.length
    if (to - dropped > this.compactEvery) {
      // All but the last, which is still asked for its term.
      log.splice(0, to - dropped - 1)
      node.dropped = to - 1
    }
  }

  majority(matchIndex) {
    const sorted = this.matches
    for (let i = 0; i < matchIndex.length; i++) {
      const match = matchIndex[i]
      let j = i - 1
      for (; j >= 0 && sorted[j] < match; j--) sorted[j + 1] = sorted[j]
      sorted[j + 1] = match
    }
    return sorted[matchIndex.length >> 1]
  }

  /** Delivers what is under way now, not what that causes. */
  hop() {
    const { queue } = this
    this.queue = []
    for (const message of queue) this.deliver(message)
  }

  settle() {
    while (this.queue.length > 0) this.hop()
  }

  appliedEverywhere() {
    let least = Number.POSITIVE_INFINITY
    for (const node of this.nodes) if (node.applied < least) least = node.applied
    return least
  }

  sequential(count, payload) {
    for (let i = 0; i < count; i++) {
      this.propose(payload())
      this.send(1)
      this.settle()
      this.send(0)
      this.settle()
    }
    if (this.appliedEverywhere() !== count) throw new Error('not applied everywhere')
  }

  inflight(count, payload, window = 1000) {
    let proposed = 0
    while (this.appliedEverywhere() < count) {
      for (; proposed < count && proposed - this.leader.applied < window; proposed++) {
        this.propose(payload())
        this.send(1)
      }
      this.hop()
      if (this.queue.length === 0 && this.appliedEverywhere() < count) this.send(0)
    }
  }

  batched(count, payload, window = 1000) {
    let proposed = 0
    while (this.appliedEverywhere() < count) {
      for (; proposed < count && proposed - this.leader.applied < window; proposed++) this.propose(payload())
      this.send(window)
      this.hop()
      this.hop()
    }
  }

  /** To the loop one call is as good as many. */
  together(count, payload, window = 1000) {
    this.batched(count, payload, window)
  }
}
