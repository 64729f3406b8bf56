/** What applications ask of a leader besides commands: to hand over, and to change who votes. Often at the wrong moment. */
import { ClusterError } from '@flotilla/cluster'
import type { Random } from '../ground/random.ts'
import { type RequestKind, requestKinds } from './mix.ts'
import type { OpenTab, Room, Tab, TabCluster } from './room.ts'

export class LeadersRequests {
  readonly #room: Room
  readonly #random: Random
  #requests = 0
  isAsleep = false
  #stopped = false

  constructor(room: Room, random: Random) {
    this.#room = room
    this.#random = random
    room.timeline.every(
      () => random.tail(0, room.mix.requestEveryMs),
      () => this.#request(),
      () => !this.#stopped,
    )
  }

  stop(): void {
    this.#stopped = true
  }

  #request(): void {
    if (this.isAsleep) return
    const { tabs, timeline, settling } = this.#room
    const random = this.#random.fork(String(++this.#requests))
    const kind = random.pick(requestKinds) ?? 'resign'
    if (this.#room.happens(kind) === undefined) return
    const tab = random.chance(0.8) ? this.#room.leader() : random.pick(tabs)
    const open = tab?.open
    const cluster = open?.cluster
    if (tab === undefined || open === undefined || cluster === undefined || open.page.isFrozen || open.isLeaving) return
    const target = random.pick(tabs)
    timeline.tell(tab.name, () => `is asked to ${kind} ${target?.name}`)
    settling.watch(
      open.page,
      kind,
      timeline.now,
      this.#ask(kind, tab, open, cluster, target),
      () => {},
      error => {
        timeline.tell(tab.name, () => `does not ${kind}: ${error}`)
        if (!(error instanceof ClusterError)) this.#room.report('Typed Errors', `${tab.name} rejects with ${error}`)
      },
    )
  }

  /** Its membership is given up, and with it its database. Its user opens the room again later, as somebody new. */
  async #quit(tab: Tab, { page, cluster }: OpenTab): Promise<void> {
    const { timeline, marks } = this.#room
    // Its tab comes back as nobody's, and asks whoever is there to be let in.
    this.#room.onDiskLost()
    await cluster?.leave()
    marks.sometimes('member left for good')
    timeline.after(1_000, () => {
      page.kill('as it is closed')
      this.#room.openTab(tab)
    })
  }

  #ask(kind: RequestKind, tab: Tab, open: OpenTab, cluster: TabCluster, target: Tab | undefined): Promise<void> {
    const id = target?.open?.cluster?.id
    switch (kind) {
      case 'transfer':
        return cluster.transferLeadership(id)
      case 'resign':
        return cluster.resign()
      case 'remove':
        return id === undefined ? Promise.resolve() : cluster.removeMember(id)
      case 'demote':
        return id === undefined ? Promise.resolve() : cluster.addMember(id, 'learner')
      case 'promote':
        return id === undefined ? Promise.resolve() : cluster.addMember(id, 'voter')
      case 'typo':
        // Nobody of that name will ever answer: it must not count.
        return cluster.addMember(`typo-${this.#requests}`, 'voter')
      case 'quit':
        return this.#quit(tab, open)
      default:
        return kind satisfies never
    }
  }
}
