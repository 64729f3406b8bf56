/**
 * `sometimes` marks: rare situations that a long run must have reached, so that a checker that found nothing is known
 * to have looked at something.
 */

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
  'snapshot that was old when it arrived',
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
  'read answered by a lease',
  'read abandoned',
  'write of unknown fate',
  'proposal refused as overloaded',
  'leader frozen',
  'clock jumped',
  'machine starved',
  'everybody down at once',
  'deposed leader appends',
  'entry of an earlier term committed by a later one',
  'voter started again beside a candidate',
  'leader stayed deaf',
  'member demoted and promoted in peace',
] as const

export type MarkName = (typeof allMarks)[number]

export class Marks<Name extends string = MarkName> {
  readonly counts = new Map<Name, number>()

  sometimes(name: Name): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
  }
}
