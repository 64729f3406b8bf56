/** The applications: in every open tab somebody writes and reads registers, now and then many at once. */
import { ClusterError } from '@flotilla/cluster'
import type { Random } from '../ground/random.ts'
import { fateInOrder } from './checks/true-fates.ts'
import type { ClientOperation } from './history.ts'
import { hastyKey, refusedKey, registerCount } from './register-machine.ts'
import type { OpenTab, Room, Tab } from './room.ts'

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
      () => this.#ask(tab, open, random),
      () => open.page.isAlive && !open.isLeaving && !this.#stopped,
    )
  }

  #ask(tab: Tab, open: OpenTab, random: Random): void {
    if (this.isAsleep || open.page.isFrozen || open.cluster === undefined) return
    const { mix, settling } = this.#room
    if (settling.openOf(open.page) >= mostUnanswered) return
    for (let left = random.chance(mix.burst) ? 20 : 1; left > 0; left--) {
      const key = random.int(registerCount)
      if (random.chance(mix.reads)) this.read(tab, open, key, mix.timeoutMs)
      else
        this.write(
          tab,
          open,
          random.chance(0.03) ? (random.pick([refusedKey, hastyKey]) ?? key) : key,
          random.int(mix.padding + 1),
          mix.timeoutMs,
        )
    }
  }

  write(tab: Tab, open: OpenTab, key: number, padding: number, timeoutMs: number): ClientOperation {
    const { timeline, history, settling, exactlyOnce } = this.#room
    const operation = history.begin('write', clientOf(open), key, timeline.events)
    const { number } = operation
    const report = (detail: string): void => this.#room.report('True Fates', detail)
    timeline.tell(tab.name, () => `is asked for write ${number}, to register ${key}`)
    const asked = open.cluster?.propose(
      { operation: number, key, padding },
      {
        timeoutMs,
        onFate: fate => {
          if (!open.page.isAlive) return
          fateInOrder(operation, fate, report)
          this.#room.rareThings.fate(fate, operation.fates.at(-1))
          operation.fates.push(fate)
          timeline.tell(tab.name, () => `says of write ${number}: ${Object.values(fate).join(' ')}`)
        },
      },
    )
    if (asked === undefined) return operation
    settling.watch(
      open.page,
      `the answer to write ${number}`,
      timeline.now,
      asked,
      ({ index, term, result }) => {
        history.written(operation, index, term, result, timeline.events)
        exactlyOnce.answered(tab.name, { operation: number, index, term, previous: result })
      },
      error => {
        const kind = error instanceof ClusterError ? error.kind : String(error)
        timeline.tell(tab.name, () => `gives up write ${number}: ${kind}`)
        if (!(error instanceof ClusterError)) this.#room.report('Typed Errors', `${tab.name} rejects with ${error}`)
        if (kind === 'SessionExpired') this.#room.marks.sometimes('node told that its session ended')
        if (kind === 'Rejected') {
          this.#room.marks.sometimes('command refused by the machine')
          history.ended(operation, 'refused')
          return exactlyOnce.refused(tab.name, number)
        }
        const last = operation.fates.at(-1)
        const isWithoutEffect = last === undefined || (last.kind === 'abandoned' && last.reason !== 'Unknown')
        history.ended(operation, isWithoutEffect ? 'failed' : 'unknown')
      },
    )
    return operation
  }

  read(tab: Tab, open: OpenTab, key: number, timeoutMs: number): ClientOperation {
    const { timeline, history, settling, marks } = this.#room
    const termAsked = this.#room.status(tab)?.term
    const operation = history.begin('read', clientOf(open), key, timeline.events)
    timeline.tell(tab.name, () => `is asked for read ${operation.number}, of register ${key}`)
    const asked = open.cluster?.read(() => open.machine.registers[key] ?? 0, { timeoutMs })
    if (asked === undefined) return operation
    settling.watch(
      open.page,
      `the answer to read ${operation.number}`,
      timeline.now,
      asked,
      value => {
        timeline.tell(tab.name, () => `read ${operation.number} finds ${value}`)
        history.read(operation, value, timeline.events)
        const status = open.cluster?.status()
        if (status === undefined) return
        const { role, term } = status
        if (termAsked !== term) marks.sometimes('read asked in one term and answered in a later one')
        marks.sometimes(`read answered by a ${role === 'leader' || role === 'learner' ? role : 'follower'}`)
      },
      () => history.ended(operation, 'failed'),
    )
    return operation
  }
}

const clientOf = ({ page }: OpenTab): string => `${page.name}.${page.number}`
