/** What can be left out of a failing run: whole groups of happenings, stretches of them, and pairs that need each other. */
import type { Action } from '../world/action.ts'
import type { Attempts } from './attempts.ts'

/** Above this there are more pairs than it is worth. */
const mostForPairs = 140

/** All that one node, one link or one client does, or all of one kind: the largest groups first. */
export function leaveOutGroups(attempts: Attempts): void {
  const sizes = new Map<string, number>()
  for (const { action } of attempts.happenings) {
    for (const group of groupsOf(action)) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  }
  const largestFirst = [...sizes].sort(([, a], [, b]) => b - a)
  for (const [group] of largestFirst) {
    if (attempts.isOver) return
    attempts.without(({ action }) => groupsOf(action).includes(group))
  }
}

function groupsOf(action: Action): readonly string[] {
  const { type, node } = action
  const groups = [type, `${type} at ${node}`]
  if (type === 'deliver') {
    const { message, from } = action.envelope
    groups.push(message.type, `${message.type} at ${node}`, `${from} to ${node}`)
  } else if (type === 'propose' || type === 'read') groups.push(`client ${action.client}`)
  return groups
}

/**
 * Delta debugging: stretches of half the length, of a quarter, … down to `least`. Says whether anything went. Where much went
 * at one size, more of that size may go now.
 */
export function leaveOutStretches(attempts: Attempts, least: number): boolean {
  let removed = false
  let size = Math.ceil(attempts.happenings.length / 2)
  while (size >= least && !attempts.isOver) {
    const before = attempts.happenings.length
    leaveOutOfSize(attempts, size)
    const { length } = attempts.happenings
    if (length < before) removed = true
    if (length > before * 0.9) {
      if (size === least) break
      size = Math.max(least, size >> 1)
    } else size = Math.min(size, Math.max(least, length >> 1))
  }
  return removed
}

/** From the end: the causes of what failed last tend to be late, and early ones are often the ones to keep. */
function leaveOutOfSize(attempts: Attempts, size: number): void {
  let end = attempts.happenings.length
  while (end > 0 && !attempts.isOver) {
    const start = end - size
    attempts.without((_, place) => place >= start && place < end)
    end = Math.min(start, attempts.happenings.length)
  }
}

/** Longer ones have been tried in halves and quarters. */
const longestNear = 12

/**
 * From each place on so many as belong together: a write, the disk that takes it, and who hears of it. All of them, or those at one node.
 * Says whether anything went.
 */
export function leaveOutNear(attempts: Attempts): boolean {
  const before = attempts.happenings.length
  for (let end = before; end > 0 && !attempts.isOver; end = Math.min(end, attempts.happenings.length + 1) - 1) {
    for (let size = 1; size <= Math.min(longestNear, end) && !attempts.isOver; size++) {
      const isNear = (place: number): boolean => place >= end - size && place < end
      if (attempts.without((_, place) => isNear(place))) break
      const node = attempts.happenings[end - 1]?.action.node
      if (size > 2 && attempts.without(({ action }, place) => isNear(place) && action.node === node)) break
    }
  }
  return attempts.happenings.length < before
}

/** What neither can go without the other: a crash and the restart, a question and its answer. Says whether anything went. */
export function leaveOutPairs(attempts: Attempts): boolean {
  let removed = false
  for (let second = attempts.happenings.length - 1; second > 0; second--) {
    if (attempts.happenings.length > mostForPairs) return removed
    for (let first = Math.min(second, attempts.happenings.length) - 1; first >= 0 && !attempts.isOver; first--) {
      if (!attempts.without((_, place) => place === first || place === second)) continue
      removed = true
      second = Math.min(second, attempts.happenings.length) - 1
      first = second
    }
  }
  return removed
}
