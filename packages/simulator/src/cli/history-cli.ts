/**
 * `npm run history -- --judge FILE`: whether a history in Porcupine's format (docs/history-format.md) is linearizable, by the checker that judges
 * everything here. `npm run history -- --seed N > FILE`: that of a simulated day of cores; `--room N`: of a room of whole nodes.
 *
 * Ends with 1 if it is not linearizable, and with 2 if it cannot be read.
 */
import { readFileSync } from 'node:fs'
import { simulate } from '../driver/run.ts'
import { type HistoryOperation, lineOf, readHistory } from '../histories/format.ts'
import { checkLinearizable } from '../invariants/linearizability.ts'
import { simulateRuntime } from '../runtime/run.ts'
import type { Operation } from '../world/operations.ts'
import { endWith, readArguments } from './command-line.ts'

const usage = 'history --judge FILE | history --seed N | history --room N'
const values = readArguments(
  { options: { judge: { type: 'string' }, seed: { type: 'string' }, room: { type: 'string' } } } as const,
  usage,
)
if (values.judge !== undefined) judge(values.judge)
else if (values.seed !== undefined) write(ofCores(seedFrom(values.seed)))
else if (values.room !== undefined) write(await ofRoom(seedFrom(values.room)))
else endWith(usage)

function seedFrom(text: string): number {
  const seed = Number(text)
  return Number.isSafeInteger(seed) && seed >= 0 ? seed : endWith(usage)
}

function judge(file: string): void {
  const read = readHistory(textOf(file))
  if (read.kind === 'damaged') {
    console.error(`${file}, line ${read.line}: ${read.reason}`)
    process.exitCode = 2
    return
  }
  const { operations } = read
  const verdict = checkLinearizable(operations)
  if (verdict.kind === 'linearizable') return console.log(`linearizable: ${operations.length} operations`)
  console.log(`${verdict.kind}: register ${verdict.key}: ${verdict.detail}`)
  process.exitCode = 1
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    console.error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    return endWith(usage)
  }
}

function write(operations: readonly HistoryOperation[]): void {
  process.stdout.write(operations.map(operation => `${lineOf(operation)}\n`).join(''))
}

/** Clients of the cluster have numbers; the simulation itself asks as -1 when all is over. */
function ofCores(seed: number): readonly HistoryOperation[] {
  let all = (): readonly Operation[] => []
  simulate(seed, {
    observe: ({ operations }) => {
      all = () => operations.all
    },
  })
  return all()
    .filter(({ outcome }) => outcome !== 'failed')
    .map(operation => ({ ...operation, client: operation.client + 1 }))
}

async function ofRoom(seed: number): Promise<readonly HistoryOperation[]> {
  const { history } = await simulateRuntime(seed)
  const clients = [...new Set(history.map(({ client }) => client))]
  return history
    .filter(({ outcome }) => outcome !== 'failed' && outcome !== 'refused')
    .map(operation => ({ ...operation, client: clients.indexOf(operation.client) }))
}
