/** Holds a trace to everything that a trace alone can decide. Event by event, so that a long one can be judged while it is read. */
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { Check, Report, Violation } from './check.ts'
import { commitMonotone } from './checks/commit-monotone.ts'
import { committedStays } from './checks/committed-stays.ts'
import { currentTermCommit } from './checks/current-term-commit.ts'
import { electionRestriction } from './checks/election-restriction.ts'
import { electionSafety } from './checks/election-safety.ts'
import { leaderAppendOnly } from './checks/leader-append-only.ts'
import { leaderCompleteness } from './checks/leader-completeness.ts'
import { logMatching } from './checks/log-matching.ts'
import { majorityCommits } from './checks/majority-commits.ts'
import { majorityElects } from './checks/majority-elects.ts'
import { oneVoteATerm } from './checks/one-vote-a-term.ts'
import { stateMachineSafety } from './checks/state-machine-safety.ts'
import { termMonotone } from './checks/term-monotone.ts'
import { History } from './history.ts'

/** One fault shows again in everything that follows from it: more than these of one property help nobody. */
const MAX_TOLD = 20

export interface Verdict {
  readonly property: string
  readonly section: string
  /** How often it was looked at. 0: the trace tells nothing that could decide it. */
  readonly checks: number
  /** The first of them, at most 20. */
  readonly violations: readonly Violation[]
}

/** One property's tally. */
class Case implements Report {
  readonly check: Check
  checks = 0
  readonly violations: Violation[] = []
  /** Of the event that is being looked at. */
  number = 0

  constructor(check: Check) {
    this.check = check
  }

  held(): void {
    this.checks++
  }

  broken(detail: string, ...earlier: readonly number[]): void {
    this.checks++
    if (this.violations.length === MAX_TOLD) return
    this.violations.push({ property: this.check.property, detail, events: [...earlier, this.number] })
  }
}

const makeChecks = (): readonly Check[] => [
  electionSafety,
  oneVoteATerm,
  majorityElects,
  electionRestriction,
  termMonotone,
  logMatching(),
  leaderAppendOnly,
  committedStays,
  commitMonotone,
  currentTermCommit,
  majorityCommits,
  leaderCompleteness,
  stateMachineSafety,
]

export class Judge {
  private readonly history: History
  private readonly cases = makeChecks().map(check => new Case(check))
  private number = 0

  /** @param voters who votes, if that never changes; empty if it does, or is not known. */
  constructor(voters: readonly NodeId[]) {
    this.history = new History(voters)
  }

  see(event: TraceEvent): void {
    const number = this.number++
    for (const one of this.cases) {
      one.number = number
      one.check.see(event, this.history, one)
    }
    this.history.take(event, number)
  }

  verdicts(): readonly Verdict[] {
    return this.cases.map(({ check: { property, section }, checks, violations }) => ({
      property,
      section,
      checks,
      violations: [...violations],
    }))
  }
}

export function judge(trace: {
  readonly voters: readonly NodeId[]
  readonly events: readonly TraceEvent[]
}): readonly Verdict[] {
  const judge = new Judge(trace.voters)
  for (const event of trace.events) judge.see(event)
  return judge.verdicts()
}
