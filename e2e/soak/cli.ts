/**
 * `npm run soak -- --minutes 10 --seed 7 [--history FILE]`: serves the pages, soaks, and ends with the verdict; what all tabs did and were told is
 * then in FILE, as others judge it (docs/history-format.md).
 */
import { appendFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { endWith, readArguments } from '../../packages/simulator/src/cli/command-line.ts'
import { type HistoryOperation, lineOf } from '../../packages/simulator/src/histories/format.ts'
import { serveHarness } from '../servers/pages.ts'
import { soak } from './soak.ts'

const usage =
  'soak [--minutes M] [--seed N] [--browsers B] [--tabs T] [--edges E] [--history FILE]   (B at least 3, T at least 2)'
const values = readArguments(
  {
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      browsers: { type: 'string', default: '5' },
      tabs: { type: 'string', default: '2' },
      edges: { type: 'string', default: '0' },
      history: { type: 'string' },
    },
  } as const,
  usage,
)
const asked = {
  minutes: atLeast('minutes', 0.1),
  seed: atLeast('seed', 0),
  browsers: atLeast('browsers', 3),
  tabs: atLeast('tabs', 2),
  edges: atLeast('edges', 0),
}
const historyFile = join(import.meta.dirname, '..', '..', 'test-results', 'soak', `seed-${asked.seed}.jsonl`)
const onJudged = (history: readonly HistoryOperation[]): void => {
  if (values.history !== undefined)
    appendFileSync(values.history, history.map(operation => `${lineOf(inMicroseconds(operation))}\n`).join(''))
}
if (values.history !== undefined) writeFileSync(values.history, '')
const interrupted = new AbortController()
process.on('SIGINT', () => {
  if (interrupted.signal.aborted) process.exit(130)
  console.log('\nto its end; once more to leave it at that')
  interrupted.abort()
})

const server = await serveHarness()
try {
  const { wrong, grows } = await soak({ ...asked, historyFile, onJudged, log: console.log, signal: interrupted.signal })
  if (wrong.length === 0) await rm(historyFile, { force: true })
  process.exitCode = wrong.length + grows.length === 0 ? 0 : 1
  console.log(process.exitCode === 0 ? 'passed' : 'failed')
} finally {
  await server.close()
}

function atLeast(name: 'minutes' | 'seed' | 'browsers' | 'tabs' | 'edges', least: number): number {
  const value = Number(values[name])
  if (Number.isFinite(value) && value >= least) return value
  console.error(`--${name} is a number, at least ${least}`)
  return endWith(usage)
}

/** Porcupine's times are whole numbers; what is rounded must not make an operation shorter. */
function inMicroseconds(operation: HistoryOperation): HistoryOperation {
  const { invoked, returned } = operation
  return { ...operation, invoked: Math.floor(invoked * 1000), returned: Math.ceil(returned * 1000) }
}
