/**
 * One measurement in a process of its own: node measure.mjs SUBJECT MODE SIZE COUNT, printing entries per second.
 * SUBJECT: floor | core | traced. MODE: sequential | inflight | batched. Payloads are 100 bytes of one slab.
 */
import { Cluster } from './cluster.mjs'
import { Floor } from './floor.mjs'

const [subject, mode, size, count] = process.argv.slice(2)
const payload = () => Buffer.allocUnsafe(100)
const make = () =>
  subject === 'floor' ? new Floor(Number(size)) : new Cluster(Number(size), { trace: subject === 'traced' })

make()[mode](20_000, payload)
globalThis.gc?.()
const cluster = make()
const start = process.hrtime.bigint()
cluster[mode](Number(count), payload)
const seconds = Number(process.hrtime.bigint() - start) / 1e9
console.log(JSON.stringify({ entriesPerSecond: Number(count) / seconds }))
