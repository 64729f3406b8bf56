/** Whether a client that was told the one has to be told the other. Asked after every round of a node: no text is made of either. */
import type { MemberStatus, WaitingFor } from '@flotilla/cluster'
import type { NodeStatus } from './message.ts'

export function isSameStatus(a: NodeStatus, b: NodeStatus): boolean {
  return (
    a.commitIndex === b.commitIndex &&
    a.lastApplied === b.lastApplied &&
    a.term === b.term &&
    a.leader === b.leader &&
    a.role === b.role &&
    a.state === b.state &&
    a.failure === b.failure &&
    a.id === b.id &&
    a.clusterId === b.clusterId &&
    a.members.length === b.members.length &&
    a.members.every((member, i) => isSameMember(member, b.members[i])) &&
    isSameWait(a.waitingFor, b.waitingFor)
  )
}

function isSameMember(a: MemberStatus, b: MemberStatus | undefined): boolean {
  return a.id === b?.id && a.name === b.name && a.voter === b.voter && a.connected === b.connected && a.link === b.link
}

function isSameWait(a: WaitingFor | undefined, b: WaitingFor | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return (
    a.needed === b.needed &&
    a.mayBeOutdated === b.mayBeOutdated &&
    a.since === b.since &&
    a.missing.length === b.missing.length &&
    a.missing.every((id, i) => id === b.missing[i])
  )
}
