/**
 * The clients: each thinks, asks a node to write or read, waits for the answer or gives up, and asks again elsewhere.
 *
 * They try again only what certainly had no effect (a refusal); a write whose fate they do not know stays open in the
 * history, and the next one is a new operation.
 */
import type { NodeId } from '@flotilla/core'
import type { Random } from '../ground/random.ts'
import { registerCount } from '../world/machine.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { Operation } from '../world/operations.ts'
import type { Driver } from './driver.ts'

interface Client {
  readonly number: number
  /** Whom it believes to lead. */
  hint: NodeId | undefined
  /** What it waits for. */
  waitingFor: Operation | undefined
  /** Grows by one with everything it does, so that an old alarm knows that it is old. */
  step: number
}

export class Workload {
  readonly #driver: Driver
  readonly #random: Random
  readonly #clients: Client[] = []
  #stopped = false

  constructor(driver: Driver, random: Random) {
    this.#driver = driver
    this.#random = random
    const { operations } = driver.world
    operations.onSettled = operation => this.#settled(operation)
    for (let number = 0; number < driver.mix.clients; number++) {
      const client: Client = { number, hint: undefined, waitingFor: undefined, step: 0 }
      this.#clients.push(client)
      this.#later(client)
    }
  }

  stop(): void {
    this.#stopped = true
  }

  #act(client: Client): void {
    const { world, mix } = this.#driver
    const random = this.#random
    const node = this.#choose(client)
    client.waitingFor = undefined
    if (node === undefined || !node.isUp || this.#driver.isFrozen(node)) {
      client.hint = undefined
      this.#later(client)
      return
    }
    const key = random.int(registerCount)
    const drain = !random.chance(mix.batching)
    const isRead = random.chance(mix.reads)
    const burst = !isRead && random.chance(mix.burst) ? 2 + random.int(20) : 1
    const times = burst > 1 && random.chance(0.5) ? burst : 1
    for (let i = 0; i < burst; i += times) {
      const padding = mix.padding > 0 ? random.int(mix.padding) : 0
      const outcome = this.#driver.act(
        isRead
          ? { type: 'read', node: node.index, client: client.number, key, drain }
          : { type: 'propose', node: node.index, client: client.number, key, padding, times, drain },
      )
      if (outcome?.kind === 'NotLeader') client.hint = outcome.leader
      else if (outcome?.kind === 'command') client.hint = node.id
      if (outcome?.kind === 'Overloaded') world.marks.sometimes('proposal refused as overloaded')
    }
    if (!drain) this.#driver.after(mix.heartbeatMs * 0.05, () => this.#drain(node))
    const latest = world.operations.all.at(-1)
    if (latest?.client === client.number && latest.invoked === world.events && latest.outcome === 'pending') {
      client.waitingFor = latest
      this.#alarm(client, mix.electionTimeoutMs * 2)
    } else this.#later(client)
  }

  #drain(node: SimulatedNode): void {
    if (node.isUndrained && !this.#driver.isFrozen(node)) this.#driver.act({ type: 'drain', node: node.index })
  }

  /** Mostly whom it takes for the leader; sometimes anybody, so that followers and deposed leaders are asked too. */
  #choose(client: Client): SimulatedNode | undefined {
    const { world } = this.#driver
    const hinted = client.hint === undefined ? undefined : world.node(client.hint)
    return hinted !== undefined && this.#random.chance(0.8) ? hinted : this.#random.pick(world.nodes)
  }

  #settled(operation: Operation): void {
    if (operation.outcome === 'unknown') this.#driver.world.marks.sometimes('write of unknown fate')
    const client = this.#clients[operation.client]
    if (client?.waitingFor !== operation) return
    client.waitingFor = undefined
    this.#later(client)
  }

  #later(client: Client): void {
    this.#alarm(client, this.#random.tail(0, this.#driver.mix.thinkMs))
  }

  #alarm(client: Client, ms: number): void {
    client.step += 1
    if (this.#stopped) return
    const { step } = client
    this.#driver.after(ms, () => {
      if (client.step === step) this.#act(client)
    })
  }
}
