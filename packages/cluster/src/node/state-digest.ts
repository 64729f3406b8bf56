/**
 * What a node's replicated state comes to, in 64 bits: the room's rules, the sessions in the order in which they expire, and the
 * machine. Of the answers that sessions remember it has which commands are answered and where, not what they say: that may be worded
 * by another version of the same machine, and is not what later commands depend on.
 */
import { writeHouseRules } from '../wire/house-rules-codec.ts'
import { scratch } from '../wire/writer.ts'
import type { NodeSnapshot } from './node-snapshot.ts'
import { StateHash } from './state-hash.ts'

/** 16 lower-case hexadecimal digits. */
export function stateDigest({ rules, sessions, machine }: NodeSnapshot): string {
  const hash = new StateHash()
  const writer = scratch.restart()
  writeHouseRules(writer, rules)
  hash.bytes(writer.finish())
  hash.number(sessions.sessions.size)
  for (const [id, { firstUnanswered, answers }] of sessions.sessions) {
    hash.number(id)
    hash.number(firstUnanswered)
    hash.number(answers.size)
    for (const [sequence, { index, term }] of answers) {
      hash.number(sequence)
      hash.number(index)
      hash.number(term)
    }
  }
  hash.bytes(machine)
  return hash.digest()
}
