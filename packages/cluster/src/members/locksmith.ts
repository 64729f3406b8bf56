/**
 * Whoever is removed still has the room's key. So the leader has another one made, and tells it as an entry of the log: it reaches
 * the members, those who are away too, and nobody else, because nobody else is sent the log. It is proposed only when the removal
 * is committed: no leader that could still send to the removed node can have it.
 */
import { isJoint, type NodeId, type RaftStatus } from '@flotilla/core'
import type { Keyed } from '../transport.ts'
import type { ChangeAnswer } from '../wire/change.ts'
import type { HouseRuleChange, HouseRules } from '../wire/house-rules.ts'

export interface LocksmithHost {
  /** As of everything that is committed; `undefined` while this node has not applied that yet. */
  rules(): HouseRules | undefined
  keyed(): Keyed | undefined
  amend(change: HouseRuleChange): Promise<ChangeAnswer>
}

export class Locksmith {
  readonly #host: LocksmithHost
  #isAtIt = false

  constructor(host: LocksmithHost) {
    this.#host = host
  }

  update({ role, configuration, configurationIndex, commitIndex }: RaftStatus): void {
    const { expelled } = configuration
    if (role !== 'leader' || this.#isAtIt || configurationIndex > commitIndex || isJoint(configuration)) return
    const rules = this.#host.rules()
    const keyed = this.#host.keyed()
    if (rules === undefined || keyed === undefined || isSame(expelled, rules.keyedWithout)) return
    const previous = rules.keys.at(-1) ?? keyed.key
    // Somebody who was removed and let in again shall be told apart from somebody who is out.
    const isOut = expelled.some(id => !rules.keyedWithout.includes(id))
    this.#isAtIt = true
    const change = { type: 'key', previous, key: isOut ? keyed.newKey() : previous, without: expelled } as const
    void this.#host.amend(change).then(() => {
      this.#isAtIt = false
    })
  }
}

const isSame = (a: readonly NodeId[], b: readonly NodeId[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i])
