/** Tabs that said goodbye. Who comes later has missed it, and takes the tab for a lost one until somebody passes it on. */
import type { NodeId } from '@flotilla/core'
import { presenceOf } from '../trace-view/roster.ts'
import { type ClusterView, isKnownTab } from '../trace-view/view.ts'

/** Nodes whose tabs said goodbye and have not come back: what to pass on. */
export function saidGoodbye(view: ClusterView, self: NodeId | undefined): readonly NodeId[] {
  return [...view.nodes.values()]
    .filter(node => isKnownTab(node) && presenceOf(view, self, node.id) === 'closed')
    .map(({ id }) => id)
}

/** Those of a passed-on list to believe: of a tab that this one has a link to, or has heard since, hearsay says nothing. */
export function missedGoodbyes(
  view: ClusterView,
  self: NodeId | undefined,
  hearsay: readonly NodeId[],
): readonly NodeId[] {
  return hearsay.filter(id => presenceOf(view, self, id) === 'unreachable' && !view.nodes.get(id)?.heard)
}
