/** Whether tabs agree, decided from what each of them says at about the same moment; and that in words. */
import type { TabReport } from './page/page-end.ts'

/** A tab by its number from 1, in the order in which the room's tabs were opened. */
export interface Seen {
  readonly tab: number
  /** `undefined`: it does not answer. */
  readonly report: TabReport | undefined
  readonly note: string | undefined
}

/**
 * What keeps these tabs from agreeing; `undefined` if they have the same leader, and the same log applied.
 *
 * @param withinReach the nodes that may lead them: one that has just died is taken for the leader for a while
 */
export function disagreement(seen: readonly Seen[], withinReach: ReadonlySet<string>): string | undefined {
  const [first] = seen
  if (first?.report === undefined) return first === undefined ? 'no tab is open' : `tab ${first.tab} does not answer`
  for (const { tab, report } of seen) {
    if (report === undefined) return `tab ${tab} does not answer`
    if (!report.isReachable) return `tab ${tab} has no node that answers`
    if (report.clusterId === undefined) return `nobody has let the node of tab ${tab} in yet`
    if (report.leader === undefined) return `tab ${tab} knows no leader`
    if (report.clusterId !== first.report.clusterId)
      return `tabs ${first.tab} and ${tab} are in two rooms: each made one of its own (where a page’s link says which, give roomUrl)`
    if (report.leader !== first.report.leader || report.term !== first.report.term)
      return `tabs ${first.tab} and ${tab} follow different leaders`
    if (!withinReach.has(report.leader))
      return `tab ${tab} follows ${nameOf(report, report.leader)}, which is gone, or nothing of it arrives`
    if (report.applied !== first.report.applied)
      return `tab ${first.tab} has applied the log up to ${first.report.applied}, tab ${tab} up to ${report.applied}`
  }
  return undefined
}

/** What is still on its way in these tabs, beyond that they agree. */
export function unrest(seen: readonly Seen[], withinReach: ReadonlySet<string>): string | undefined {
  const disagreed = disagreement(seen, withinReach)
  if (disagreed !== undefined) return disagreed
  for (const { tab, report } of seen) {
    if (report === undefined) continue
    if (report.pending > 0) return `${report.pending} changes of tab ${tab} are on their way`
    if (report.applied < report.commitIndex)
      return `tab ${tab} has applied the log up to ${report.applied}, and it is committed up to ${report.commitIndex}`
  }
  return undefined
}

/** One line for each tab. */
export function describeTabs(seen: readonly Seen[]): string {
  return seen.map(describeTab).join('\n')
}

const nameOf = ({ names }: TabReport, node: string | undefined): string =>
  node === undefined ? 'nobody' : (names[node] ?? node)

function describeTab({ tab, report, note }: Seen): string {
  const remark = note === undefined ? '' : ` (${note})`
  if (report === undefined) return `tab ${tab}${remark}: no answer`
  if (report.failure !== undefined) return `tab ${tab}${remark}: its node did not open: ${report.failure}`
  const name = (node: string | undefined): string => nameOf(report, node)
  const who = report.drives === undefined ? `follows ${name(report.node)}` : `drives ${name(report.drives)}`
  const reached = report.isReachable ? '' : ', which does not answer'
  const { term, applied, commitIndex, pending } = report
  return `tab ${tab}${remark}: ${who}${reached}, ${report.role ?? 'not in a room'} of term ${term}; ${name(report.leader)} leads; applied ${applied} of ${commitIndex} committed; ${pending} changes on their way`
}
