/**
 * Core in memory beside the bare loop: 100-byte entries, committed and applied on every node, messages by function call.
 * Each measurement has a process of its own, and subject and loop take turns, so that a busy machine slows both alike.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const ROUNDS = 7
/** Long enough that the compiler's work, which core has more of, is behind it: what counts is a cluster that has been up for a second. */
const ENTRIES = 1_000_000
const modes = [
  { mode: 'sequential', name: 'sequential' },
  { mode: 'inflight', name: 'inflight-1000' },
  { mode: 'batched', name: 'batched' },
  { mode: 'together', name: 'batched-in-one-call' },
] as const

// What users run is what is measured: core as it is packed, without a loader's marks.
execFileSync(process.execPath, [join(import.meta.dirname, '../../../scripts/build.mjs')], {
  cwd: join(import.meta.dirname, '..'),
  stdio: 'ignore',
})

for (const size of [3, 5]) {
  for (const { mode, name } of modes) {
    const { floor, core } = inTurns(['floor', 'core'], mode, size, ENTRIES)
    report(`core/${name}/${size}`, core, core / floor, 'the bare loop')
  }
}
for (const { mode, name } of modes) {
  const { floorCompacting: floor, compacting } = inTurns(['floorCompacting', 'compacting'], mode, 3, ENTRIES)
  report(`core-compacting/${name}/3`, compacting, compacting / floor, 'the bare loop, letting go of as much')
}
for (const count of [10_000, 100_000, 1_000_000, 3_000_000]) {
  const { compacting, core } = inTurns(['compacting', 'core'], 'batched', 3, count)
  report(`core/log-of-${count}/3`, core, core / compacting, 'a log that is compacted every 1,000 entries')
}
for (const { mode, name } of modes) {
  const { core, traced } = inTurns(['core', 'traced'], mode, 3, 200_000)
  report(`core-traced/${name}/3`, traced, traced / core, 'tracing off')
}
const { longestPauseMs } = measure('core', 'batched', 1, 1_000_000)
console.log(JSON.stringify({ name: 'core/longest-pause-at-1000000', value: Math.round(longestPauseMs), unit: 'ms' }))
const bytes = measure('memory', 'batched', 1, 1_000_000).bytesPerEntry ?? Number.NaN
console.log(JSON.stringify({ name: 'core/memory-per-100-byte-entry', value: Math.round(bytes), unit: 'B' }))

/** Medians of entries per second. */
function inTurns<Subject extends string>(subjects: readonly Subject[], mode: string, size: number, count: number) {
  const rates = Object.fromEntries(subjects.map(subject => [subject, [] as number[]])) as Record<Subject, number[]>
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) rates[subject].push(measure(subject, mode, size, count).entriesPerSecond)
  }
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
  return Object.fromEntries(subjects.map(subject => [subject, median(rates[subject])])) as Record<Subject, number>
}

function measure(subject: string, mode: string, size: number, count: number) {
  const script = join(import.meta.dirname, 'measure.mjs')
  const printed = execFileSync(process.execPath, ['--expose-gc', script, subject, mode, `${size}`, `${count}`])
  return JSON.parse(printed.toString()) as {
    entriesPerSecond: number
    longestPauseMs: number
    bytesPerEntry?: number
  }
}

function report(name: string, entriesPerSecond: number, ratio: number, against: string): void {
  const value = Math.round(entriesPerSecond)
  console.log(JSON.stringify({ name, value, unit: 'entries/s', ratio: Math.round(ratio * 1000) / 1000, against }))
}
