/** The applications: in every open tab somebody writes and reads registers, now and then many at once. */
import { ClusterError, type ClusterStatus } from '@flotilla/cluster'
import type { Random } from '../ground/random.ts'
import { fateInOrder } from './checks/true-fates.ts'
import type { ClientOperation } from './history.ts'
import type { Page } from './page.ts'
import { hastyKey, type RegisterMachine, refusedKey, registerCount } from './register-machine.ts'
import type { OpenTab, Room, Tab, TabCluster } from './room.ts'

/** Somebody who asks, and what it asks. */
export interface Asker {
  readonly name: string
  /** Its session: whoever had an answer and then asks again must see what it has written. */
  readonly client: string
  readonly page: Page
  readonly machine: RegisterMachine
  readonly node: Pick<TabCluster, 'propose' | 'read'>
}

/** A client with so many unanswered questions asks no more, unless it is in a hurry. */
const mostUnanswered = 6

export class Clients {
  readonly #room: Room
  readonly #random: Random
  /** Nobody is up to ask for anything. */
  isAsleep = false
  #stopped = false

  constructor(room: Room, random: Random) {
    this.#room = room
    this.#random = random
  }

  stop(): void {
    this.#stopped = true
  }

  /** Asks for things for as long as the page lives. */
  attend(tab: Tab, open: OpenTab): void {
    const random = this.#random.fork(`${tab.index}/${open.page.number}`)
    const { timeline, mix } = this.#room
    timeline.every(
      () => random.tail(1, mix.thinkMs),
      () => {
        const asker = askerOf(tab, open)
        if (!this.isAsleep && !open.page.isFrozen && asker !== undefined) this.ask(asker, random)
      },
      () => open.page.isAlive && !open.isLeaving && !this.#stopped,
    )
  }

  /** Something, unless it has asked for enough already. */
  ask(asker: Asker, random: Random): void {
    const { mix, settling } = this.#room
    if (settling.openOf(asker.page) >= mostUnanswered) return
    for (let left = random.chance(mix.burst) ? 20 : 1; left > 0; left--) {
      const key = random.int(registerCount)
      if (random.chance(mix.reads)) this.read(asker, key, mix.timeoutMs)
      else
        this.write(
          asker,
          random.chance(0.03) ? (random.pick([refusedKey, hastyKey]) ?? key) : key,
          random.int(mix.padding + 1),
          mix.timeoutMs,
        )
    }
  }

  write(asker: Asker, key: number, padding: number, timeoutMs: number): ClientOperation {
    const { timeline, history, settling, exactlyOnce } = this.#room
    const { name, client, page, node } = asker
    const operation = history.begin('write', client, key, timeline.events)
    const { number } = operation
    const report = (detail: string): void => this.#room.report('True Fates', detail)
    timeline.tell(name, () => `is asked for write ${number}, to register ${key}`)
    const asked = node.propose(
      { operation: number, key, padding },
      {
        timeoutMs,
        onFate: fate => {
          if (!page.isAlive) return
          fateInOrder(operation, fate, report)
          this.#room.rareThings.fate(fate, operation.fates.at(-1))
          operation.fates.push(fate)
          timeline.tell(name, () => `says of write ${number}: ${Object.values(fate).join(' ')}`)
        },
      },
    )
    settling.watch(
      page,
      `the answer to write ${number}`,
      timeline.now,
      asked,
      ({ index, term, result }) => {
        history.written(operation, index, term, result, timeline.events)
        exactlyOnce.answered(name, { operation: number, index, term, previous: result })
      },
      error => {
        const kind = error instanceof ClusterError ? error.kind : String(error)
        timeline.tell(name, () => `gives up write ${number}: ${kind}`)
        if (!(error instanceof ClusterError)) this.#room.report('Typed Errors', `${name} rejects with ${error}`)
        if (kind === 'SessionExpired') this.#room.marks.sometimes('node told that its session ended')
        if (kind === 'Rejected') {
          this.#room.marks.sometimes('command refused by the machine')
          history.ended(operation, 'refused')
          return exactlyOnce.refused(name, number)
        }
        const last = operation.fates.at(-1)
        const isWithoutEffect = last === undefined || (last.kind === 'abandoned' && last.reason !== 'Unknown')
        history.ended(operation, isWithoutEffect ? 'failed' : 'unknown')
      },
    )
    return operation
  }

  read({ name, client, page, machine, node }: Asker, key: number, timeoutMs: number): ClientOperation {
    const { timeline, history, settling, marks } = this.#room
    const statusNow = (): ClusterStatus | undefined => this.#room.statusIn(page)
    const termAsked = statusNow()?.term
    const operation = history.begin('read', client, key, timeline.events)
    timeline.tell(name, () => `is asked for read ${operation.number}, of register ${key}`)
    const asked = node.read(() => machine.registers[key] ?? 0, { timeoutMs })
    settling.watch(
      page,
      `the answer to read ${operation.number}`,
      timeline.now,
      asked,
      value => {
        timeline.tell(name, () => `read ${operation.number} finds ${value}`)
        history.read(operation, value, timeline.events)
        const status = statusNow()
        if (status === undefined) return marks.sometimes('read answered by a copy of the state')
        const { role, term, members } = status
        // Nobody can have said anything since.
        const isAtOnce = timeline.events === operation.invoked && members.filter(({ voter }) => voter).length > 1
        if (role === 'leader' && isAtOnce) marks.sometimes('read answered by a lease')
        if (termAsked !== term) marks.sometimes('read asked in one term and answered in a later one')
        marks.sometimes(`read answered by a ${role === 'leader' || role === 'learner' ? role : 'follower'}`)
      },
      () => history.ended(operation, 'failed'),
    )
    return operation
  }
}

/** The application in a tab whose node runs in it. */
export function askerOf({ name }: Tab, { page, machine, cluster }: OpenTab): Asker | undefined {
  return cluster && { name, client: `${page.name}.${page.number}`, page, machine, node: cluster }
}
