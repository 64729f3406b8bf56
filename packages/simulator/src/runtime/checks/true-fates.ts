/**
 * What a node says of a proposal's fate is true for good: what it calls committed is committed at that place, and what it
 * calls abandoned without effect never has any. `Unknown` may be anything.
 */
import type { ProposalFate } from '@flotilla/cluster'
import { decodeEnvelope } from '@flotilla/cluster'
import type { Entry } from '@flotilla/core'
import { decodeCommand } from '../../ground/command.ts'
import type { Report } from '../../invariants/invariant.ts'
import type { ClientOperation } from '../history.ts'
import type { Effect } from '../register-machine.ts'

const order: Readonly<Record<ProposalFate['kind'], number>> = {
  queued: 0,
  appended: 1,
  committed: 2,
  applied: 3,
  abandoned: 4,
}

/** Each stage as it is told: none is left out, none comes after the last. */
export function fateInOrder({ number, fates }: ClientOperation, fate: ProposalFate, report: Report): void {
  const before = fates.at(-1)
  const follows =
    before === undefined
      ? fate.kind === 'queued'
      : fate.kind === 'appended'
        ? order[before.kind] <= order.appended
        : fate.kind === 'abandoned'
          ? order[before.kind] < order.applied
          : order[fate.kind] === order[before.kind] + 1
  if (!follows) report(`operation ${number} is ${fate.kind} after ${before?.kind ?? 'nothing'}`)
}

/** When everything is over: what was said against what became of it. `committed` is by index. */
export function trueFates(
  { number, fates, outcome }: ClientOperation,
  committed: readonly (Entry | undefined)[],
  effects: ReadonlyMap<number, Effect>,
  report: Report,
): void {
  const effect = effects.get(number)
  for (const fate of fates) {
    switch (fate.kind) {
      case 'queued':
        break
      case 'appended':
        if (committed[fate.index]?.term === fate.term) stands(number, fate, committed, report)
        break
      case 'committed':
      case 'applied':
        stands(number, fate, committed, report)
        break
      case 'abandoned':
        if (fate.reason !== 'Unknown' && effect !== undefined) {
          report(`operation ${number} was abandoned for good (${fate.reason}), and applied at ${effect.index}`)
        }
        break
      default:
        fate satisfies never
    }
  }
  // Whose page died in between heard no more of it; who is no node, or whose node was down, is told of none.
  if (outcome === 'pending' || fates.length === 0) return
  const last = fates.at(-1)?.kind
  if (outcome === 'done' || outcome === 'refused' ? last !== 'applied' : last === 'applied' && outcome !== 'unknown') {
    report(`operation ${number} is ${outcome} for its client, and its last fate is ${last}`)
  }
}

function stands(
  number: number,
  { kind, index, term }: Extract<ProposalFate, { index: number }>,
  committed: readonly (Entry | undefined)[],
  report: Report,
): void {
  const entry = committed[index]
  const decoded = entry?.kind === 'command' ? decodeEnvelope(entry.data) : undefined
  const isIt =
    decoded?.ok === true &&
    decoded.value.kind === 'command' &&
    decodeCommand(decoded.value.command).operation === number
  if (entry?.term !== term || !isIt) {
    report(`operation ${number} was told to be ${kind} at ${index}/${term}; committed there is ${tell(entry)}`)
  }
}

function tell(entry: Entry | undefined): string {
  return entry === undefined ? 'nothing' : `a ${entry.kind} of term ${entry.term}`
}
