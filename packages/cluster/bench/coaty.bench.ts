/**
 * The bare loop, core, and `@coaty/consensus.raft` (the one other complete Raft in JavaScript), each alone and in memory,
 * taking turns. The latter is no dependency: npm installs it on demand, without its scripts, and it is only run. Where
 * that cannot be done, one line says so, and the rest is measured.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, run } from '../../../scripts/lib/run.mjs'

const COATY = '@coaty/consensus.raft@1.0.0'
const ROUNDS = 5

const root = join(import.meta.dirname, '../../..')
const folder = join(root, 'node_modules/.cache/flotilla-bench', COATY.replaceAll('/', '-'))

const core = join(root, 'packages/core')
// What users run is what is measured: core as tsc builds it, without a loader's marks.
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', core])
const measureCore = join(core, 'bench/measure.mjs')

const subjects = new Map([
  ['loop', [measureCore, 'floor']],
  ['core', [measureCore, 'core']],
])
if (await installed()) subjects.set('coaty', [join(import.meta.dirname, 'coaty.mjs'), folder])
else console.log(`${COATY} could not be installed (npm's words are above): it is not measured`)

for (const { mode, name, size } of [
  { mode: 'sequential', name: 'sequential', size: 3 },
  { mode: 'sequential', name: 'sequential', size: 5 },
  { mode: 'inflight', name: 'inflight-1000', size: 3 },
]) {
  const rates = inTurns(mode, size)
  compare(`core/${name}/${size}`, rates.get('core'), rates.get('loop'), 'the bare loop')
  compare(`coaty/${name}/${size}`, rates.get('coaty'), rates.get('loop'), 'the bare loop')
  compare(`core/${name}/${size}`, rates.get('core'), rates.get('coaty'), COATY)
}

/** npm leaves its note of what it installed when all of it is there. */
async function installed(): Promise<boolean> {
  const note = join(folder, 'node_modules/.package-lock.json')
  if (existsSync(note)) return true
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  console.log(`installing ${COATY} for this bench only …`)
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--omit=optional']
  const code = await run(npm(['install', '--prefix', folder, ...quietly, COATY]), { onLine: line => console.log(line) })
  return code === 0 && existsSync(note)
}

/** Medians of entries per second of the processor. */
function inTurns(mode: string, size: number): ReadonlyMap<string, number> {
  const rates = new Map([...subjects.keys()].map(subject => [subject, [] as number[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [subject, [script = '', what = '']] of subjects) {
      const count = subject === 'coaty' ? 50_000 : 200_000
      const args = ['--expose-gc', script, what, mode, `${size}`, `${count}`]
      const printed: { entriesPerSecond: number } = JSON.parse(execFileSync(process.execPath, args).toString())
      rates.get(subject)?.push(printed.entriesPerSecond)
    }
  }
  return new Map([...rates].map(([subject, all]) => [subject, median(all)]))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function compare(name: string, rate: number | undefined, other: number | undefined, against: string): void {
  if (rate === undefined || other === undefined) return
  const ratio = Math.round((rate / other) * 1000) / 1000
  console.log(JSON.stringify({ name, value: Math.round(rate), unit: 'entries/CPU s', ratio, against }))
}
