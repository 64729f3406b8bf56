/** Looks for the rare situations of marks.ts after every step. */
import type { Output } from '@flotilla/core'
import type { Checker } from '../invariants/checker.ts'
import type { Marks } from './marks.ts'
import type { SimulatedNode } from './node.ts'

/** Where to look, and where to write it down. */
interface Scene {
  readonly nodes: readonly SimulatedNode[]
  readonly checker: Checker
  readonly marks: Marks
}

/** So many entries have been committed since a snapshot was taken that its receiver may need the next one. */
const old = 20

/** Those that show in what a node has just done; the others are set where they happen. */
export function noticeRareThings(scene: Scene, node: SimulatedNode, output: Output | undefined): void {
  const { marks, checker } = scene
  const { status, previous } = checker.ghost.view(node.id)
  if (status === undefined || previous === undefined) return
  if (status.role !== previous.role) {
    if (status.role === 'leader') marks.sometimes('leader elected')
    else if (status.role === 'candidate') {
      const rival = scene.nodes.some(
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
    if (checker.ghost.commit - restore.index >= old) marks.sometimes('snapshot that was old when it arrived')
    if (node.disk.pending.some(({ truncateFrom }) => truncateFrom > 0)) {
      marks.sometimes('snapshot installed while a truncation is not durable')
    }
  }
}
