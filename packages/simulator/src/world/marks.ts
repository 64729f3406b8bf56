/**
 * `sometimes` marks: rare situations that a long run must have reached, so that a checker that found nothing is known
 * to have looked at something.
 */
import type { Output } from '@flotilla/core'
import type { SimulatedNode } from './node.ts'
import type { World } from './world.ts'

export const allMarks = [
  'leader elected',
  'split vote',
  'leader crashed',
  'crashed between two effects',
  'crash lost a unit',
  'crash kept some units and lost others',
  'log truncated',
  'old message replayed',
  'message to a node that is down',
  'snapshot installed',
  'snapshot installed over a log',
  'snapshot installed while a truncation is not durable',
  'joint configuration',
  'leader crashed in a joint configuration',
  'configuration rolled back',
  'member added',
  'member removed',
  'removed member added again',
  'vote lost with a disk',
  'unit refused by a failing disk',
  'unit refused by a full disk',
  'unit slower than an election timeout',
  'older copy of a disk noticed by its owner',
  'older copy of a disk kept from starting',
  'older copy of a disk that breaks no promise',
  'flipped bit noticed',
  'flipped bit written over',
  'leadership transferred',
  'leader removed itself',
  'read answered by a leader',
  'read answered by a follower',
  'read abandoned',
  'write of unknown fate',
  'proposal refused as overloaded',
  'leader frozen',
  'clock jumped',
  'everybody down at once',
  'deposed leader appends',
  'entry of an earlier term committed by a later one',
] as const

export type MarkName = (typeof allMarks)[number]

export class Marks<Name extends string = MarkName> {
  readonly counts = new Map<Name, number>()

  sometimes(name: Name): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
  }
}

/** Those that show in what a node has just done; the others are set where they happen. */
export function noticeRareThings(world: World, node: SimulatedNode, output: Output | undefined): void {
  const { marks, checker } = world
  const { status, previous } = checker.ghost.view(node.id)
  if (status === undefined || previous === undefined) return
  if (status.role !== previous.role) {
    if (status.role === 'leader') marks.sometimes('leader elected')
    else if (status.role === 'candidate') {
      const rival = world.nodes.some(
        other =>
          other !== node &&
          other.isUp &&
          other.status?.role === 'candidate' &&
          other.status.currentTerm === status.currentTerm,
      )
      if (rival) marks.sometimes('split vote')
    }
  }
  if (status.role === 'leader' && status.commitIndex > previous.commitIndex) {
    const { terms } = checker.ghost
    const from = Math.max(previous.commitIndex + 1, checker.ghost.view(node.id).log.base + 1)
    // The first configuration is of an earlier term by nature.
    if (from > 1 && (terms[from] ?? status.currentTerm) < status.currentTerm) {
      marks.sometimes('entry of an earlier term committed by a later one')
    }
  }
  if (output === undefined) return
  const { persist, restore } = output
  if (persist !== undefined && persist.truncateFrom > 0) {
    marks.sometimes('log truncated')
    if (status.configurationIndex < previous.configurationIndex) marks.sometimes('configuration rolled back')
  }
  if (restore !== undefined) {
    marks.sometimes('snapshot installed')
    if (previous.lastIndex > previous.snapshotIndex) marks.sometimes('snapshot installed over a log')
    if (node.disk.pending.some(({ truncateFrom }) => truncateFrom > 0)) {
      marks.sometimes('snapshot installed while a truncation is not durable')
    }
  }
}
