/**
 * What a node does for others that are linked to it: it passes their signals on, so that a room whose signalling is gone still
 * finds its members, and carries messages between two that cannot meet. And whom it asks to do so for it.
 */
import { isClientId } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { Allowance } from './allowance.ts'
import type { Control } from './control.ts'
import type { Neighbor, Surroundings } from './neighbor.ts'
import type { Carrier } from './relay.ts'
import { decodeRelayed } from './relayed-message.ts'

/** How many of our neighbors are asked to pass a signal on. In a mesh one would do; some may be about to go. */
const PASS_ON_THROUGH = 3
/** Signals that a neighbor may have us pass on at once, and after so many milliseconds one more. */
const MAX_PASSED_ON = 256
const PASS_ON_AGAIN_MS = 50
/** Of messages that are carried for others: so many at once, and one more after so many milliseconds. */
const MAX_CARRIED = 512
const CARRY_AGAIN_MS = 2

interface Allowances {
  readonly signals: Allowance
  readonly messages: Allowance
}

export class GoBetween {
  readonly #self: NodeId
  readonly #surroundings: Pick<Surroundings, 'clock' | 'random'>
  readonly #neighbors: ReadonlyMap<NodeId, Neighbor>
  readonly #votes: (id: NodeId) => boolean
  readonly #allowances = new Map<NodeId, Allowances>()

  /** @param neighbors as they are at any time @param votes who votes is linked to everybody */
  constructor(
    self: NodeId,
    surroundings: Pick<Surroundings, 'clock' | 'random'>,
    neighbors: ReadonlyMap<NodeId, Neighbor>,
    votes: (id: NodeId) => boolean,
  ) {
    this.#self = self
    this.#surroundings = surroundings
    this.#neighbors = neighbors
    this.#votes = votes
  }

  /** Has `text` passed on to `to`, or to everybody. */
  send(text: string, to: NodeId | undefined): void {
    const linked = [...this.#neighbors.values()].filter(({ link }) => link !== undefined)
    const addressee = linked.find(({ id }) => id === to)
    if (addressee !== undefined) return void addressee.sendControl({ kind: 'signal', passedOn: true, to, text })
    const nodes = linked.filter(({ id }) => !isClientId(id))
    const start = Math.floor(this.#surroundings.random() * nodes.length)
    const some = this.#widestFirst([...nodes.slice(start), ...nodes.slice(0, start)]).slice(0, PASS_ON_THROUGH)
    for (const neighbor of some) neighbor.sendControl({ kind: 'signal', passedOn: false, to, text })
  }

  /** Passes on what `from` asks for. `undefined`: it asks for too much; otherwise whether it is (also) for us. */
  passOn(from: NodeId, { passedOn, to, text }: Extract<Control, { kind: 'signal' }>): boolean | undefined {
    if (!this.#allowed(from).signals.take(this.#surroundings.clock.now())) return undefined
    const isOurs = to === undefined || to === this.#self
    if (passedOn || to === this.#self) return isOurs
    for (const neighbor of this.#neighbors.values()) {
      if (neighbor.id !== from && (to === undefined || neighbor.id === to))
        neighbor.sendControl({ kind: 'signal', passedOn: true, to, text })
    }
    return isOurs
  }

  /** For two that cannot meet. Whoever is told that we cannot finds another way; to lose it in silence would take longer. */
  carry(from: Neighbor, { to, message }: Extract<Control, { kind: 'carry' }>): void {
    const addressee = this.#neighbors.get(to)
    const mayCarry = this.#allowed(from.id).messages.take(this.#surroundings.clock.now())
    const knows = addressee?.way !== undefined && addressee.way !== 'member'
    if (mayCarry && knows && addressee.sendControl({ kind: 'carried', message })) return
    const name = decodeRelayed(message)?.name
    if (name !== undefined) from.sendControl({ kind: 'cannotCarry', name })
  }

  /** Members that may be linked to `peer`, and could carry what we have for it. What is carried itself carries nothing. */
  carriersTo(peer: NodeId): readonly Carrier[] {
    return this.#widestFirst([...this.#neighbors.values()])
      .filter(({ id, way }) => id !== peer && way !== undefined && way !== 'member' && !isClientId(id))
      .map(neighbor => ({
        kind: 'member',
        carry: (message, to) => neighbor.sendControl({ kind: 'carry', to, message }),
      }))
  }

  /** A neighbor is gone, and so is what it was allowed. */
  forget(id: NodeId): void {
    this.#allowances.delete(id)
  }

  #allowed(id: NodeId): Allowances {
    let allowances = this.#allowances.get(id)
    if (allowances === undefined) {
      allowances = {
        signals: new Allowance(MAX_PASSED_ON, PASS_ON_AGAIN_MS),
        messages: new Allowance(MAX_CARRIED, CARRY_AGAIN_MS),
      }
      this.#allowances.set(id, allowances)
    }
    return allowances
  }

  #widestFirst(neighbors: readonly Neighbor[]): readonly Neighbor[] {
    return [...neighbors].sort((a, b) => Number(this.#votes(b.id)) - Number(this.#votes(a.id)))
  }
}
