/**
 * One measurement in a process of its own: node --expose-gc measure.mjs SUBJECT MODE SIZE COUNT, printing JSON.
 * SUBJECT: floor | floorCompacting | core | compacting | traced | memory. MODE: sequential | inflight | batched | together. Payloads are 100
 * bytes of a shared slab. `longestPauseMs` is the garbage collector's.
 */
import { PerformanceObserver } from 'node:perf_hooks'
import { Cluster } from './cluster.mjs'
import { Floor } from './floor.mjs'

const [subject, mode, size, count] = process.argv.slice(2)
const payload = () => Buffer.allocUnsafe(100)
const compactEvery = subject === 'compacting' || subject === 'floorCompacting' ? 1000 : 1e9
const options = { trace: subject === 'traced', snapshotThresholdEntries: compactEvery }
const make = () =>
  subject.startsWith('floor') ? new Floor(Number(size), compactEvery) : new Cluster(Number(size), options)
const memory = () => {
  globalThis.gc?.()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, outside: Math.max(external, arrayBuffers) }
}

make()[mode](20_000, payload)
let longestPauseMs = 0
const observer = new PerformanceObserver(list => {
  for (const { duration } of list.getEntries()) longestPauseMs = Math.max(longestPauseMs, duration)
})
await new Promise(resolve => setTimeout(resolve, 0))
const cluster = make()
const before = memory()
observer.observe({ entryTypes: ['gc'] })
const start = process.hrtime.bigint()
cluster[mode](Number(count), payload)
const seconds = Number(process.hrtime.bigint() - start) / 1e9
await new Promise(resolve => setTimeout(resolve, 0))
observer.disconnect()
const result = { entriesPerSecond: Number(count) / seconds, longestPauseMs }
if (subject === 'memory') {
  const after = memory()
  result.bytesPerEntry = (after.heap + after.outside - before.heap - before.outside) / Number(count)
  if (cluster.appliedEverywhere() !== Number(count)) throw new Error('not applied everywhere')
}
console.log(JSON.stringify(result))
