/**
 * Core in memory beside the bare loop: 100-byte entries, committed and applied on every node, messages by function call.
 * Each measurement has a process of its own and counts the processor's time, and subject and loop take turns, so that a
 * busy machine slows neither, or both alike.
 *
 * `--rounds 7`: how often they take turns; a ratio is the median of the rounds'. `--only log-of-`: what has that in its name.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
})
const rounds = Number(options.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds is a count, not ${options.rounds}`)
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
    compare(`core/${name}/${size}`, 'core', 'floor', 'the bare loop', mode, size, ENTRIES)
  }
}
const lettingGo = 'the bare loop, letting go of as much'
for (const { mode, name } of modes) {
  compare(`core-compacting/${name}/3`, 'compacting', 'floorCompacting', lettingGo, mode, 3, ENTRIES)
}
const short = 'a log that is compacted every 1,000 entries'
for (const count of [10_000, 100_000, 1_000_000, 3_000_000]) {
  compare(`core/log-of-${count}/3`, 'core', 'compacting', short, 'batched', 3, count)
}
for (const { mode, name } of modes) compare(`core-traced/${name}/3`, 'traced', 'core', 'tracing off', mode, 3, 200_000)
const step = 'core/longest-step-up-to-1000000'
if (isWanted(step)) {
  const longest = Array.from({ length: rounds }, () => measure('steps', 'sequential', 1, 1_000_000).longestStepMs)
  console.log(JSON.stringify({ name: step, value: Math.round(median(longest) * 10) / 10, unit: 'ms' }))
}
const memory = 'core/memory-per-100-byte-entry'
if (isWanted(memory)) {
  const bytes = measure('memory', 'batched', 1, 1_000_000).bytesPerEntry
  console.log(JSON.stringify({ name: memory, value: Math.round(bytes), unit: 'B' }))
}

/** In turns: how many entries `subject` does in a second of the processor, and its ratio to `other` in the same round. */
function compare(
  name: string,
  subject: string,
  other: string,
  against: string,
  mode: string,
  size: number,
  count: number,
): void {
  if (!isWanted(name)) return
  const rates: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const beside = measure(other, mode, size, count).entriesPerSecond
    const rate = measure(subject, mode, size, count).entriesPerSecond
    rates.push(rate)
    ratios.push(rate / beside)
  }
  const value = Math.round(median(rates))
  const ratio = Math.round(median(ratios) * 1000) / 1000
  console.log(JSON.stringify({ name, value, unit: 'entries/CPU s', ratio, against }))
}

function isWanted(name: string): boolean {
  return name.includes(options.only)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function measure(subject: string, mode: string, size: number, count: number): Measured {
  const script = join(import.meta.dirname, 'measure.mjs')
  const printed = execFileSync(process.execPath, ['--expose-gc', script, subject, mode, `${size}`, `${count}`])
  return JSON.parse(printed.toString()) as Measured
}

/** Each where it was asked for. */
interface Measured {
  entriesPerSecond: number
  longestStepMs: number
  bytesPerEntry: number
}
