/**
 * `@coaty/consensus.raft`, a port of etcd/raft, measured as core is (`packages/core/bench`): its core alone, messages
 * by function call, its own storage in memory. node coaty.mjs FOLDER MODE SIZE COUNT, printing JSON.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Host } from '../../core/bench/host.mjs'

const [folder, mode, size, count] = process.argv.slice(2)
const require = createRequire(join(folder, 'package.json'))

// Its default persistence is SQLite's native add-on. It is not used here, is loaded all the same, and was not built.
const sqlite = require.resolve('sqlite3')
require.cache[sqlite] = { id: sqlite, filename: sqlite, loaded: true, exports: {} }

const ported = name => require(`@coaty/consensus.raft/ported/${name}`)
const { RaftConfig } = ported('raft')
const { RawNode } = ported('rawnode')
const { MemoryStorage } = ported('storage')
const { ConfState } = ported('raftpb/raft.pb')
const { discardLogger } = ported('logger')

class Node {
  constructor(cluster, id, voters) {
    this.cluster = cluster
    this.id = id
    this.applied = 0
    this.bytes = 0
    this.isDue = false
    this.storage = MemoryStorage.NewMemoryStorage()
    this.storage.snapshot.metadata.confState = new ConfState({ voters })
    const windows = { maxSizePerMsg: 1024 * 1024, maxInflightMsgs: 256 }
    const ticks = { electionTick: 10, heartbeatTick: 1 }
    this.raw = RawNode.NewRawNode(
      new RaftConfig({ id, storage: this.storage, logger: discardLogger, ...windows, ...ticks }),
    )
  }

  propose(data) {
    accepted(this.raw.propose(data))
    this.pump()
  }

  receive(message) {
    accepted(this.raw.step(message))
  }

  pump() {
    const { raw, storage, cluster } = this
    while (raw.hasReady()) {
      const ready = raw.ready()
      if (!ready.hardState.isEmptyHardState()) accepted(storage.SetHardState(ready.hardState))
      if (ready.entries.length > 0) accepted(storage.Append(ready.entries))
      for (const message of ready.messages) cluster.queue.push(message)
      for (const { data } of ready.committedEntries) {
        this.applied++
        this.bytes += data?.length ?? 0
      }
      raw.advance(ready)
    }
  }
}

class Cluster extends Host {
  constructor(size) {
    super()
    const ids = ['S1', 'S2', 'S3', 'S4', 'S5'].slice(0, size)
    this.nodes = ids.map(id => new Node(this, id, ids))
    this.leader = this.nodes[0]
    accepted(this.leader.raw.campaign())
    this.leader.pump()
    this.settle()
    this.base = this.leader.applied
    if (this.base !== 1) throw new Error('the first node does not lead')
  }
}

/** Its functions return their errors, as Go's do. */
function accepted(error) {
  if (error !== null) throw error
}

// Its entries hold JSON values, and it measures them with JSON.stringify: bytes would be its worst case, text is its best.
const payload = () => 'x'.repeat(100)
new Cluster(Number(size))[mode](5000, payload)
const cluster = new Cluster(Number(size))
const begun = process.cpuUsage()
cluster[mode](Number(count), payload)
const { user, system } = process.cpuUsage(begun)
const seconds = (user + system) / 1e6
if (cluster.appliedEverywhere() !== Number(count)) throw new Error('not applied everywhere')
if (cluster.nodes.some(node => node.bytes !== 100 * Number(count))) throw new Error('not the bytes that were proposed')
console.log(JSON.stringify({ entriesPerSecond: Number(count) / seconds }))
