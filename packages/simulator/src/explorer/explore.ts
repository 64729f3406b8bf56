/**
 * Every state that a small cluster of real cores can reach, breadth first: each message delivered or lost, each timer, crash
 * and restart at any moment, disks as slow as they like. The first violation found is one of the shortest there are.
 *
 * Within bounds: so many terms, proposals, crashes, and messages under way at once; and, where it is asked for, so many
 * deliveries of what stays under way, reads, changes of membership and compactions.
 */
import {
  type Entry,
  initialConfiguration,
  type MembershipChange,
  type Message,
  type NodeId,
  type RecoveredState,
} from '@flotilla/core'
import { realRaft } from '../driver/run.ts'
import { mix } from '../ground/hash.ts'
import { describeMessage } from '../stories/story.ts'
import type { MakeRaft } from '../world/node.ts'
import { Printer, PrintSet, type Prints } from './fingerprint.ts'
import { type HostEvent, Hosts } from './host.ts'
import { type Broken, judge, type State } from './judge.ts'

export interface Bounds {
  readonly nodes: number
  /** No node's timer starts a term beyond this; the first is 2. */
  readonly terms: number
  readonly proposals: number
  readonly crashes: number
  /** Messages under way at once; what would exceed it is not followed. */
  readonly messages: number
  readonly preVote: boolean
  /** Messages that arrive and are still under way. */
  readonly duplicates?: number
  readonly reads?: number
  /** Requests to change the membership: to remove one or two nodes, or to bring one back. */
  readonly changes?: number
  readonly compactions?: number
  /** Of heartbeats and reads, in one leader's term. Only a bound where there are reads or changes: otherwise all are alike. */
  readonly rounds?: number
  /** Stop when there are so many. */
  readonly states: number
}

interface Exploration {
  readonly states: number
  readonly depth: number
  /** Everything within the bounds was seen. */
  readonly exhausted: boolean
  readonly violations: readonly {
    readonly property: string
    readonly detail: string
    readonly story: readonly string[]
  }[]
}

interface Move {
  readonly type: HostEvent['type'] | 'drop' | 'duplicate'
  readonly node: number
  /** Of the message; -1 without. */
  readonly mail: number
  /** Of the read or of the change; 0 without. */
  readonly number: number
}

const optional = { duplicates: 0, reads: 0, changes: 0, compactions: 0, rounds: 4 }

/** Each node goes or comes back, alone or two at once, which takes a joint configuration. */
function changesOf(ids: readonly NodeId[]): MembershipChange[][] {
  const singles = ids.flatMap((id): MembershipChange[][] => [[{ type: 'remove', id }], [{ type: 'addVoter', id }]])
  const pairs = ids.flatMap((id, i) =>
    ids.slice(i + 1).map((other): MembershipChange[] => [
      { type: 'remove', id },
      { type: 'remove', id: other },
    ]),
  )
  return [...singles, ...pairs]
}

export function explore(
  bounds: Bounds,
  makeRaft: MakeRaft = realRaft,
  progress?: (states: number) => void,
): Exploration {
  return new Explorer(bounds, makeRaft).run(progress)
}

class Explorer {
  readonly #bounds: Required<Bounds>
  readonly #ids: readonly NodeId[]
  readonly #printer: Printer
  readonly #hosts: Hosts
  readonly #seen = new PrintSet()
  readonly #messages: { readonly message: Message; readonly prints: Prints }[] = []
  readonly #numbers = new Map<string, number>()
  /** The same, for messages seen before: most are, because equal steps are worked out once. */
  readonly #numbered = new WeakMap<Message, number>()
  /** Of each state, which it came from and how. */
  readonly #parents: number[] = [-1]
  readonly #moves: Move[] = [{ type: 'restart', node: 0, mail: -1, number: 0 }]
  readonly #changes: readonly (readonly MembershipChange[])[]
  readonly #mostRounds: number

  constructor(given: Bounds, makeRaft: MakeRaft) {
    const bounds = { ...optional, ...given }
    this.#bounds = bounds
    this.#ids = Array.from({ length: bounds.nodes }, (_, i) => `n${i + 1}`)
    this.#changes = changesOf(this.#ids)
    const keepsRounds = bounds.reads > 0 || bounds.changes > 0
    this.#mostRounds = keepsRounds ? bounds.rounds : Number.POSITIVE_INFINITY
    this.#printer = new Printer(this.#ids, keepsRounds)
    // Any timer may run out at any moment: none of them is late.
    const options = { preVote: bounds.preVote, checkQuorum: false, maxInflightMessages: 2, electionTimeoutStretch: 1 }
    this.#hosts = new Hosts(this.#ids, makeRaft, options, this.#printer, keepsRounds)
  }

  run(progress?: (states: number) => void): Exploration {
    const first = this.#first()
    this.#isNew(first)
    let frontier = [first]
    for (let depth = 0; ; depth++) {
      const next: State[] = []
      for (const state of frontier) {
        for (const move of this.#possible(state)) {
          const { reached, violation } = this.#follow(state, move)
          if (violation !== undefined) {
            const found = { ...violation, story: this.#story(first, state.number, move) }
            return { states: this.#seen.size, depth: depth + 1, exhausted: false, violations: [found] }
          }
          if (reached !== undefined) next.push(reached)
        }
        if (this.#seen.size >= this.#bounds.states) {
          return { states: this.#seen.size, depth: depth + 1, exhausted: false, violations: [] }
        }
      }
      if (next.length === 0) return { states: this.#seen.size, depth, exhausted: true, violations: [] }
      progress?.(this.#seen.size)
      frontier = next
    }
  }

  #first(): State {
    const entry: Entry = { index: 1, term: 1, kind: 'configuration', data: initialConfiguration(this.#ids) }
    const disk: RecoveredState = { currentTerm: 1, votedFor: undefined, snapshot: undefined, entries: [entry] }
    const hosts = this.#ids.map((_, node) => this.#hosts.first(node, disk))
    const counts = { proposals: 0, crashes: 0, duplicates: 0, changes: 0, compactions: 0 }
    return { number: 0, hosts, mail: [], leaders: [], committed: [], commitTerms: [], reads: [], ...counts }
  }

  #possible(state: State): Move[] {
    const { terms, proposals, crashes, duplicates, reads, changes, compactions } = this.#bounds
    const moves: Move[] = []
    for (const number of state.mail) {
      const to = this.#ids.indexOf(this.#messages[number]?.message.to ?? '')
      if (state.hosts[to]?.raft !== undefined) {
        moves.push({ type: 'deliver', node: to, mail: number, number: 0 })
        if (state.duplicates < duplicates) moves.push({ type: 'duplicate', node: to, mail: number, number: 0 })
      }
      moves.push({ type: 'drop', node: to, mail: number, number: 0 })
    }
    for (const { node, raft, role, term, pending, round, lastApplied, snapshotIndex } of state.hosts) {
      const may = (type: Move['type'], number = 0): void => {
        moves.push({ type, node, mail: -1, number })
      }
      if (raft === undefined) {
        may('restart')
        continue
      }
      const isTimed = raft.deadline !== Number.POSITIVE_INFINITY
      if (isTimed && (role === 'leader' ? round < this.#mostRounds : term < terms)) may('tick')
      if (pending.length > 0) may('flush')
      if (role === 'leader' && state.proposals < proposals) may('propose')
      if (state.crashes < crashes) may('crash')
      if (state.reads.length < reads) may('read', state.reads.length + 1)
      if (state.compactions < compactions && lastApplied > snapshotIndex) may('compact')
      if (role !== 'leader' || state.changes >= changes) continue
      for (let number = 0; number < this.#changes.length; number++) may('change', number)
    }
    return moves
  }

  /** Nothing is reached that was reached before, or is out of bounds. */
  #follow(state: State, move: Move): { reached?: State; violation?: Broken } {
    const { type, node } = move
    const mail = move.mail < 0 || type === 'duplicate' ? state.mail : state.mail.filter(number => number !== move.mail)
    const before = state.hosts[node]
    if (before === undefined) return {}
    let changed: State = { ...state, mail }
    if (type !== 'drop') {
      const stepped = this.#hosts.step(before, this.#eventOf(move))
      const { state: after, sent, violation } = stepped
      if (violation !== undefined) return { violation }
      const all = [...mail]
      for (const message of sent) {
        const number = this.#numberOf(message)
        if (!all.includes(number)) all.push(number)
      }
      if (all.length > this.#bounds.messages) return {}
      changed = {
        ...state,
        mail: all,
        hosts: state.hosts.map(host => (host === before ? after : host)),
        proposals: state.proposals + (type === 'propose' ? 1 : 0),
        crashes: state.crashes + (type === 'crash' ? 1 : 0),
        duplicates: state.duplicates + (type === 'duplicate' ? 1 : 0),
        changes: state.changes + (type === 'change' ? 1 : 0),
        compactions: state.compactions + (type === 'compact' ? 1 : 0),
        reads: type === 'read' ? [...state.reads, state.committed.length] : state.reads,
      }
      const broken = judge(changed, before, stepped)
      if ('property' in broken) return { violation: broken }
      changed = broken
    }
    const reached = { ...changed, number: this.#parents.length }
    if (!this.#isNew(reached)) return {}
    this.#parents.push(state.number)
    this.#moves.push(move)
    return { reached }
  }

  /** Among all ways to rename the nodes, the least print stands for the state. */
  #isNew(state: State): boolean {
    const { renamings } = this.#printer
    let low = 0
    let high = 0
    for (let r = 0; r < renamings.length; r++) {
      let a = mix(mix(mix(state.proposals, state.crashes), mix(state.duplicates, state.changes)), state.compactions)
      for (const committed of state.reads) a = mix(a, committed)
      let b = mix(a, 0x0dd5)
      for (const host of state.hosts) {
        // The print names its node by the new place, so that their sum means the same in any order.
        a = (a + mix(0x11, host.prints[2 * r] ?? 0)) | 0
        b = (b + mix(0x13, host.prints[2 * r + 1] ?? 0)) | 0
      }
      for (const number of state.mail) {
        const { prints } = this.#messages[number] ?? {}
        a = (a + mix(0x17, prints?.[2 * r] ?? 0)) | 0
        b = (b + mix(0x19, prints?.[2 * r + 1] ?? 0)) | 0
      }
      for (const [term, leader] of state.leaders.entries()) {
        if (leader === undefined || leader < 0) continue
        const place = renamings[r]?.[leader] ?? 0
        a = (a + mix(mix(0x1d, term), place)) | 0
        b = (b + mix(mix(0x1f, term), place)) | 0
      }
      for (let i = 0; i < state.committed.length; i++) {
        a = mix(a, mix(state.committed[i] ?? 0, state.commitTerms[i] ?? 0))
        b = mix(b, mix(state.committed[i] ?? 0, state.commitTerms[i] ?? 0))
      }
      if (r === 0 || a < low || (a === low && b < high)) {
        low = a
        high = b
      }
    }
    return this.#seen.add(low, high)
  }

  #numberOf(message: Message): number {
    const same = this.#numbered.get(message)
    if (same !== undefined) return same
    const prints = this.#printer.print(message)
    const key = `${prints[0]}:${prints[1]}`
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#messages.length
      this.#messages.push({ message, prints })
      this.#numbers.set(key, number)
    }
    this.#numbered.set(message, number)
    return number
  }

  #eventOf({ type, mail, number }: Move): HostEvent {
    const message = this.#messages[mail]?.message
    if (message !== undefined) return { type: 'deliver', message, number: mail }
    switch (type) {
      case 'read':
        return { type, number }
      case 'change':
        return { type, number, changes: this.#changes[number] ?? [] }
      case 'deliver':
      case 'duplicate':
      case 'drop':
        throw new RangeError(`${type} without a message`)
      default:
        return { type }
    }
  }

  #describe({ type, mail, number }: Move): string {
    const message = this.#messages[mail]?.message
    if (message !== undefined) return `← ${describeMessage(message)}${type === 'duplicate' ? ' (and once more)' : ''}`
    if (type !== 'change') return type
    return `change: ${(this.#changes[number] ?? []).map(change => `${change.type} ${change.id}`).join(', ')}`
  }

  #story(first: State, number: number, last: Move): string[] {
    const moves = [last]
    for (let at = number; at > 0; at = this.#parents[at] ?? 0) {
      const move = this.#moves[at]
      if (move !== undefined) moves.unshift(move)
    }
    let hosts = [...first.hosts]
    return moves.map(move => {
      const message = this.#messages[move.mail]?.message
      const id = this.#ids[move.node] ?? ''
      const before = hosts[move.node]
      if (message !== undefined && move.type === 'drop') return `${id} never gets ${describeMessage(message)}`
      if (before === undefined || move.type === 'drop') return id
      const { state } = this.#hosts.step(before, this.#eventOf(move))
      hosts = hosts.map(host => (host === before ? state : host))
      const what = this.#describe(move)
      const { role, term, terms, commitIndex } = state
      return `${id} ${what}  → ${role}, term ${term}, log ${terms.join(' ')}, commit ${commitIndex}`
    })
  }
}
