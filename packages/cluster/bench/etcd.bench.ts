/**
 * Core beside etcd's raft, compiled Go: three nodes each, in one process and in memory, 100-byte entries, taking turns
 * (docs/decisions/comparing-with-etcd.md). Prints a table for that document at its end. Where there is no
 * Go one line says so, and core is measured alone.
 *
 * `--rounds 9`: how often they take turns; a ratio is the median of the rounds'. `--only kept`: what has that in its name.
 */
import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { inRoot } from '../../../scripts/lib/root.mjs'
import { buildEtcd } from './etcd/build.mjs'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
})
const rounds = Number(options.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds is a count, not ${options.rounds}`)

/**
 * What makes etcd quickest, of what was tried: one message under way to a follower, so that what is proposed meanwhile goes
 * together, or 256 where that is so anyway; collections at 17 times what is alive; one processor for all threads.
 */
const modes = {
  sequential: { title: 'one at a time', entries: 250_000, maxInflightMsgs: 256 },
  inflight: { title: '1,000 in flight', entries: 1_000_000, maxInflightMsgs: 1 },
  batched: { title: 'in batches', entries: 2_000_000, maxInflightMsgs: 1 },
  together: { title: 'a batch in one call', entries: 2_000_000, maxInflightMsgs: 256 },
} as const
const etcdEnvironment = { GOGC: '1600', GOMAXPROCS: '1' }
type Mode = keyof typeof modes

const rows: string[] = []
const etcd = await buildEtcd()
// What users run is what is measured: core as it is packed, without a loader's marks.
execFileSync(process.execPath, [inRoot('scripts/build.mjs')], { cwd: inRoot('packages/core'), stdio: 'ignore' })
const loadBefore = loadavg()[0]
for (const mode of ['sequential', 'inflight', 'batched', 'together'] as const) {
  compare(mode, 'compacted', modes[mode].entries)
}
for (const count of [10_000, 100_000, 1_000_000]) compare('together', 'kept', count)
for (const mode of ['sequential', 'inflight', 'batched'] as const) compare(mode, 'kept', 100_000)
if (etcd !== undefined) printTable()

/** In turns: core, etcd, core, etcd … */
function compare(mode: Mode, log: 'compacted' | 'kept', count: number): void {
  const name = log === 'kept' ? `core/${mode}/kept-${count}` : `core/${mode}/compacted`
  if (!name.includes(options.only)) return
  const cores: Measured[] = []
  const others: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    cores.push(measureCore(mode, log, count))
    if (etcd !== undefined) others.push(measureEtcd(etcd, mode, log, count))
  }
  const rate = median(cores.map(core => core.entriesPerSecond))
  const result = { name, value: Math.round(rate), unit: 'entries/CPU s' }
  const [other] = others
  if (other === undefined) return console.log(JSON.stringify(result))

  const ratio = (of: (measured: Measured) => number): number =>
    median(others.map((each, round) => of(cores[round] ?? each) / of(each)))
  const byProcessor = ratio(({ entriesPerSecond }) => entriesPerSecond)
  const byClock = ratio(({ entriesPerClockSecond }) => entriesPerClockSecond)
  const against = `etcd ${other.etcd} (${other.go})`
  console.log(JSON.stringify({ ...result, ratio: Math.round(byProcessor * 1000) / 1000, against }))
  const what = log === 'kept' ? `${thousands(count)} kept` : 'compacted every 1,000'
  const beside = median(others.map(each => each.entriesPerSecond))
  const figures = [thousands(rate), thousands(beside), times(byProcessor), times(byClock)]
  rows.push(`| ${[modes[mode].title, what, ...figures].join(' | ')} |`)
}

function printTable(): void {
  const load = [loadBefore, loadavg()[0]].map(value => (value ?? Number.NaN).toFixed(1))
  console.log(`medians of ${rounds} rounds, load ${load.join(' at the beginning, ')} at the end`)
  console.log('| mode | log | core, entries a second of the processor | etcd | ratio | ratio by the clock |')
  console.log('|---|---|--:|--:|--:|--:|')
  for (const row of rows) console.log(row)
}

function measureCore(mode: Mode, log: 'compacted' | 'kept', count: number): Measured {
  const script = inRoot('packages/core/bench/measure.mjs')
  const args = ['--expose-gc', script, log === 'kept' ? 'core' : 'compacting', mode, '3', `${count}`, 'primed']
  return JSON.parse(execFileSync(process.execPath, args).toString())
}

function measureEtcd(program: string, mode: Mode, log: 'compacted' | 'kept', count: number): Measured {
  const args = [mode, log === 'kept' ? '0' : '1000', `${count}`, `${modes[mode].maxInflightMsgs}`]
  return JSON.parse(execFileSync(program, args, { env: { ...process.env, ...etcdEnvironment } }).toString())
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`
}

/** Three digits that matter. */
function thousands(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US')
}

interface Measured {
  readonly entriesPerSecond: number
  readonly entriesPerClockSecond: number
  readonly etcd?: string
  readonly go?: string
}
