/** What an operator looks at: whether the node is well, as JSON, and its figures in the text format of Prometheus. */
import type { EdgeNode } from './edge-node.ts'

/** Of a node, whatever its machine is. */
type Watched = Pick<EdgeNode, 'link' | 'writes' | 'isCarrier' | 'otherKey'> & {
  readonly cluster: Pick<EdgeNode['cluster'], 'status' | 'peers'>
}

export interface Health {
  /** `ok`: it is a member, and there is a leader. */
  readonly status: 'ok' | 'joining' | 'leaderless' | 'failed' | 'closed'
  /** Why, where that is known; for people. */
  readonly reason: string | undefined
  /** Why the link's key may be wrong, whatever the status is. */
  readonly otherKey: string | undefined
  readonly room: string
  readonly node: string
  /** Its name in the room, S1, S2, …, once it is a member. */
  readonly name: string | undefined
  readonly role: string
  readonly term: number
  readonly leader: string | undefined
  readonly commitIndex: number
  readonly lastApplied: number
  readonly voters: number
  readonly connected: number
}

export function healthOf({ cluster, link, otherKey }: Pick<Watched, 'cluster' | 'link' | 'otherKey'>): Health {
  const status = cluster.status()
  const { id, name, role, term, commitIndex, lastApplied, members } = status
  const [state, reason] = conditionOf({ cluster })
  return {
    status: state,
    reason,
    otherKey: otherKey(),
    room: link.room,
    node: id,
    name,
    role,
    term,
    leader: members.find(member => member.id === status.leader)?.name ?? status.leader,
    commitIndex,
    lastApplied,
    voters: members.filter(({ voter }) => voter).length,
    connected: cluster.peers().length,
  }
}

function conditionOf({ cluster }: Pick<Watched, 'cluster'>): readonly [Health['status'], string | undefined] {
  const { state, failure, refusal, waitingFor, strangers, transportFailure, leader } = cluster.status()
  if (state === 'failed' || state === 'crashed') return ['failed', failure]
  if (state === 'closed') return ['closed', undefined]
  const unreachable = transportFailure && `the signalling server cannot be reached (${transportFailure})`
  if (state === 'joining') {
    if (refusal !== undefined) return ['joining', `the room does not let it in: ${refusal}`]
    if (strangers.length > 0) return ['joining', 'who is there belongs to another room of this name and key']
    return ['joining', unreachable ?? (cluster.peers().length === 0 ? 'nobody is there' : 'it waits to be let in')]
  }
  if (leader !== undefined) return ['ok', unreachable]
  const missing = waitingFor?.needed ?? 0
  return [
    'leaderless',
    unreachable ?? (missing > 0 ? `${missing} more voters are needed for a leader` : 'there is an election'),
  ]
}

/** Whether whoever watches should be content. */
export const isWell = ({ status }: Health): boolean => status === 'ok'

export function metricsOf(node: Watched, leaderChanges: number): string {
  const { cluster, link, writes } = node
  const status = cluster.status()
  const { role, term, lastIndex, commitIndex, lastApplied, snapshotIndex, members } = status
  const lines: string[] = []
  const metric = (name: string, type: 'gauge' | 'counter' | 'histogram', help: string, ...values: string[]): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values)
  }
  const gauge = (name: string, help: string, value: number): void => metric(name, 'gauge', help, `${name} ${value}`)

  metric(
    'flotilla_node',
    'gauge',
    'Who this node is.',
    `flotilla_node{room="${link.room}",node="${status.id}",name="${status.name ?? ''}",carrier="${node.isCarrier}"} 1`,
  )
  gauge('flotilla_up', '1 while it is a member of the room and there is a leader.', isWell(healthOf(node)) ? 1 : 0)
  const roles = ['leader', 'candidate', 'preCandidate', 'follower', 'learner']
  const isRole = (each: string): string => `flotilla_role{role="${each}"} ${each === role ? 1 : 0}`
  metric('flotilla_role', 'gauge', 'What it is in its term.', ...new Set([...roles, role].map(isRole)))
  gauge('flotilla_term', 'The term it is in.', term)
  metric(
    'flotilla_leader_changes_total',
    'counter',
    'How often it has heard of another leader.',
    `flotilla_leader_changes_total ${leaderChanges}`,
  )
  gauge('flotilla_last_index', 'Where its log ends.', lastIndex)
  gauge('flotilla_commit_index', 'Up to where it knows the log to be committed.', commitIndex)
  gauge('flotilla_last_applied', 'Up to where it has applied the log.', lastApplied)
  gauge('flotilla_snapshot_index', 'Up to where its snapshot reaches.', snapshotIndex)
  gauge(
    'flotilla_log_entries',
    'Entries after the snapshot, which it holds in memory and on disk.',
    lastIndex - snapshotIndex,
  )
  gauge('flotilla_members', 'Members of the room.', members.length)
  gauge('flotilla_voters', 'Those of them who vote.', members.filter(({ voter }) => voter).length)
  gauge('flotilla_peers_connected', 'Nodes with a link to it.', cluster.peers().length)
  metric(
    'flotilla_persist_seconds',
    'histogram',
    'How long a unit takes to be on the disk.',
    ...writes.lines('flotilla_persist_seconds'),
  )
  const { rss, heapUsed } = process.memoryUsage()
  gauge('process_resident_memory_bytes', 'Memory of the process.', rss)
  gauge('nodejs_heap_size_used_bytes', 'Of that, JavaScript’s.', heapUsed)
  return `${lines.join('\n')}\n`
}
