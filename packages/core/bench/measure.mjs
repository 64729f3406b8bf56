/**
 * One measurement in a process of its own: node --expose-gc measure.mjs SUBJECT MODE SIZE COUNT, printing JSON.
 * SUBJECT: floor | core | traced | memory. MODE: sequential | inflight | batched. Payloads are 100 bytes of a shared slab.
 */
import { Cluster } from './cluster.mjs'
import { Floor } from './floor.mjs'

const [subject, mode, size, count] = process.argv.slice(2)
const payload = () => Buffer.allocUnsafe(100)
const make = () =>
  subject === 'floor' ? new Floor(Number(size)) : new Cluster(Number(size), { trace: subject === 'traced' })
const memory = () => {
  globalThis.gc?.()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, outside: Math.max(external, arrayBuffers) }
}

make()[mode](20_000, payload)
const cluster = make()
const before = memory()
const start = process.hrtime.bigint()
cluster[mode](Number(count), payload)
const seconds = Number(process.hrtime.bigint() - start) / 1e9
const result = { entriesPerSecond: Number(count) / seconds }
if (subject === 'memory') {
  const after = memory()
  result.bytesPerEntry = (after.heap + after.outside - before.heap - before.outside) / Number(count)
  if (cluster.appliedEverywhere() !== Number(count)) throw new Error('not applied everywhere')
}
console.log(JSON.stringify(result))
