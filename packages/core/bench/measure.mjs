/**
 * One measurement in a process of its own: node --expose-gc measure.mjs SUBJECT MODE SIZE COUNT [primed], printing JSON.
 * SUBJECT: floor | floorCompacting | core | compacting | traced | memory | steps. MODE: sequential | inflight | batched | together.
 * Payloads are 100 bytes of a shared slab. `primed`: the process has had such a log before, so that the kernel has given it
 * the pages.
 *
 * Time is the processor's, of the whole process, with whatever the garbage collector does beside: other work on the
 * machine does not count. `steps` measures the longest single step instead, of one node that is given one command after
 * the other, and any pause of the collector that fell into it.
 */
import { Cluster } from './cluster.mjs'
import { Floor } from './floor.mjs'

/**
 * Until the compiler is done: what is measured is a cluster that has been up for a second or two. What is called once a batch
 * is called so seldom that after a tenth of this the compiler had most of its work still to do, and took as long as the rest.
 */
const WARM_UP = { clusters: 20, entries: { sequential: 20_000, inflight: 20_000, batched: 250_000, together: 250_000 } }
/** A shorter log is measured as often as it takes to have measured so many entries. */
const LEAST_ENTRIES = 1_000_000

const [subject, mode, size, count, primed] = process.argv.slice(2)
const payload = () => Buffer.allocUnsafe(100)
const compactEvery = subject === 'compacting' || subject === 'floorCompacting' ? 1000 : 1e9
const options = { trace: subject === 'traced', snapshotThresholdEntries: compactEvery }
const make = () =>
  subject.startsWith('floor') ? new Floor(Number(size), compactEvery) : new Cluster(Number(size), options)
/** The collector frees what lies outside of its heap on a thread of its own, and later. */
const memory = async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, outside: Math.max(external, arrayBuffers) }
}
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

// One lives on: with the last of its objects V8 would forget their shapes, and throw away what it has compiled for them.
let alive = make()
for (let i = 0; i < WARM_UP.clusters; i++) {
  alive = make()
  alive[mode](WARM_UP.entries[mode], payload)
  await new Promise(resolve => setTimeout(resolve, 0))
}
if (primed !== undefined) make()[mode](Number(count), payload)
if (subject === 'steps') console.log(JSON.stringify({ longestStepMs: longestStepMs() }))
else if (subject === 'memory') console.log(JSON.stringify({ bytesPerEntry: await bytesPerEntry() }))
else console.log(JSON.stringify(rates()))
if (alive.nodes.length !== Number(size)) throw new Error('another size was warmed up')

/** By the processor, and by the clock. */
function rates() {
  const times = Math.max(1, Math.round(LEAST_ENTRIES / Number(count)))
  globalThis.gc?.()
  const cpu = cpuMs()
  const clock = performance.now()
  for (let i = 0; i < times; i++) make()[mode](Number(count), payload)
  const entries = times * Number(count)
  return {
    entriesPerSecond: (entries * 1000) / (cpuMs() - cpu),
    entriesPerClockSecond: (entries * 1000) / (performance.now() - clock),
  }
}

/** The processor's time of all threads and the clock's are both no less than what the step took without the rest of the machine. */
function longestStepMs() {
  const { leader } = make()
  let longest = 0
  for (let i = 0; i < Number(count); i++) {
    const data = payload()
    const cpu = cpuMs()
    const clock = performance.now()
    leader.propose(data)
    longest = Math.max(longest, Math.min(performance.now() - clock, cpuMs() - cpu))
  }
  return longest
}

async function bytesPerEntry() {
  const cluster = make()
  const before = await memory()
  cluster[mode](Number(count), payload)
  const after = await memory()
  if (cluster.appliedEverywhere() !== Number(count)) throw new Error('not applied everywhere')
  return (after.heap + after.outside - before.heap - before.outside) / Number(count)
}
