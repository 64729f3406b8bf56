/** Who is called what: whose word counts. */
import type { NodeId } from '@flotilla/core'
import { cleanName } from './called-name.ts'
import { currentConfiguration } from './roster.ts'
import type { ClusterView } from './view.ts'

export type Called = readonly (readonly [id: NodeId, name: string | undefined])[]

/**
 * Each node's owner is believed; somebody else is believed of nodes that this tab has no link to.
 *
 * @param from who says so
 */
export function withCalled(view: ClusterView, self: NodeId, from: NodeId, names: Called): ClusterView {
  const linked = view.nodes.get(self)?.linked ?? []
  const members = new Set(currentConfiguration(view).members.map(({ id }) => id))
  const called = new Map(view.called)
  let changed = false
  for (const [id, raw] of names) {
    if (id !== from && (id === self || linked.includes(id) || !members.has(id))) continue
    const name = raw === undefined ? undefined : cleanName(raw)
    if (called.get(id) === name) continue
    if (name === undefined) called.delete(id)
    else called.set(id, name)
    changed = true
  }
  return changed ? { ...view, called } : view
}
