/** Nodes of core in one process: messages are delivered by function call, disks are instantly durable, commands applied. */
import { initialConfiguration, Raft } from '@flotilla/core'
import { Host } from './host.mjs'

const noState = new Uint8Array(0)

class Node {
  constructor(cluster, id, voters, options) {
    this.cluster = cluster
    this.id = id
    this.applied = 0
    this.bytes = 0
    this.isDue = false
    this.raft = new Raft({
      id,
      now: 0,
      random: () => 0,
      recovered: {
        currentTerm: 0,
        votedFor: undefined,
        snapshot: { index: 0, term: 0, configuration: initialConfiguration(voters), data: new Uint8Array(0) },
        entries: [],
      },
      options: { snapshotThresholdBytes: 1e12, maxUncommittedBytes: 1e12, ...options },
    })
  }

  step(input) {
    this.raft.step(input, this.cluster.now)
    this.pump()
  }

  propose(data) {
    this.raft.propose(data, this.cluster.now)
    this.pump()
  }

  receive(message) {
    this.raft.receive(message, this.cluster.now)
  }

  /** After a drain there is nothing more until something else is stepped. */
  pump() {
    const { raft, cluster } = this
    for (;;) {
      const output = raft.drain()
      if (output === undefined) return
      const { persist, sendNow, committed, compactionDue } = output
      for (let i = 0; i < sendNow.length; i++) cluster.queue.push(sendNow[i])
      for (let i = 0; i < committed.length; i++) {
        this.applied++
        if (committed[i].kind === 'command') this.bytes += committed[i].data.length
      }
      if (persist !== undefined) {
        raft.step({ type: 'persisted', token: persist.token }, cluster.now)
        const held = output.sendWhenDurable
        for (let i = 0; i < held.length; i++) cluster.queue.push(held[i])
      }
      if (compactionDue) raft.step({ type: 'compact', index: raft.lastApplied, data: noState }, cluster.now)
      else if (persist === undefined) return
    }
  }
}

export class Cluster extends Host {
  constructor(size, options = { snapshotThresholdEntries: 1e9 }) {
    super()
    this.now = 0
    const ids = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7'].slice(0, size)
    this.nodes = ids.map(id => new Node(this, id, ids, options))
    this.leader = this.nodes[0]
    this.now = this.leader.raft.deadline
    this.leader.step({ type: 'tick' })
    this.settle()
    if (this.leader.raft.role !== 'leader') throw new Error('no leader')
    this.base = this.leader.applied
  }

  /** Many calls, then one drain. */
  batched(count, payload, window = 1000) {
    const { leader } = this
    let proposed = 0
    while (this.appliedEverywhere() < count) {
      for (; proposed < count && proposed + this.base - leader.applied < window; proposed++) {
        leader.raft.propose(payload(), this.now)
      }
      leader.pump()
      this.hop()
      this.hop()
    }
  }

  /** One call. */
  together(count, payload, window = 1000) {
    const { leader } = this
    let proposed = 0
    while (this.appliedEverywhere() < count) {
      const commands = []
      for (; proposed < count && proposed + this.base - leader.applied < window; proposed++) commands.push(payload())
      leader.raft.proposeAll(commands, this.now)
      leader.pump()
      this.hop()
      this.hop()
    }
  }
}
