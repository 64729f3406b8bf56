/** 16. The clients' history is linearizable: one order explains all they were told. What cannot be decided fails too. */
import type { Report } from '../../invariants/invariant.ts'
import { checkLinearizable } from '../../invariants/linearizability.ts'
import type { ClientOperation } from '../history.ts'

export function linearizableHistory(history: readonly ClientOperation[], report: Report): void {
  const verdict = checkLinearizable(history.filter(({ outcome }) => outcome !== 'failed' && outcome !== 'refused'))
  if (verdict.kind !== 'linearizable') report(`register ${verdict.key}: ${verdict.kind}: ${verdict.detail}`)
}
