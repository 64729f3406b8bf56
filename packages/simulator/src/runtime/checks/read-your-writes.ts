/** Read-your-writes: a client that has its write's answer reads what it wrote, or what was written after that. */
import type { Report } from '../../invariants/invariant.ts'
import type { ClientOperation } from '../history.ts'
import type { Effect } from '../register-machine.ts'

export function readYourWrites(
  { kind, client, number, key, value, outcome, ownWrite }: ClientOperation,
  effects: ReadonlyMap<number, Effect>,
  report: Report,
): void {
  if (kind !== 'read' || outcome !== 'done' || ownWrite === undefined) return
  const seen = value === 0 ? 0 : effects.get(value)?.index
  if (seen === undefined) report(`${client} reads ${value} from register ${key}, which nobody has written`)
  else if (seen < ownWrite.index) {
    report(
      `read ${number} of ${client} finds register ${key} as of ${seen}; ` +
        `its own write ${ownWrite.number} was applied at ${ownWrite.index}, and it knew`,
    )
  }
}
