/** One seed of the whole runtime, from the first tab to the last verdict. */

import type { TraceEvent } from '@flotilla/core'
import { Random } from '../ground/random.ts'
import { BadDay } from './bad-day.ts'
import { convergeRoom } from './calm.ts'
import { linearizableHistory } from './checks/linearizable-history.ts'
import { readYourWrites } from './checks/read-your-writes.ts'
import { trueFates } from './checks/true-fates.ts'
import { Clients } from './clients.ts'
import type { ClientOperation } from './history.ts'
import { drawRuntimeMix } from './kinds-of-days.ts'
import { LeadersRequests } from './leaders-requests.ts'
import type { RuntimeMarkName } from './marks.ts'
import type { RuntimeMix } from './mix.ts'
import { Neighbour } from './neighbour.ts'
import { passNight } from './night.ts'
import { Poisoner } from './poisoner.ts'
import { PortClient } from './port-client.ts'
import { RemoteClient } from './remote-client.ts'
import type { Replayed, ReplayOptions } from './replayable.ts'
import { type Plants, Room } from './room.ts'
import { starve } from './starvation.ts'
import { watchingTheConsole } from './uncaught.ts'

export interface RuntimeOptions extends ReplayOptions {
  /** Instead of what the seed draws. */
  readonly mix?: (drawn: RuntimeMix) => RuntimeMix
  readonly plants?: Plants
  readonly onTrace?: (event: TraceEvent) => void
}

export interface RuntimeResult extends Replayed {
  readonly seed: number
  readonly mix: RuntimeMix
  /** How many operations clients asked for, and how many were done. */
  readonly operations: number
  readonly done: number
  /** What clients asked for, and what they were told. */
  readonly history: readonly ClientOperation[]
  /** The latest term when the faults ended. */
  readonly term: number
  readonly marks: ReadonlyMap<RuntimeMarkName, number>
}

export function simulateRuntime(seed: number, options: RuntimeOptions = {}): Promise<RuntimeResult> {
  const random = new Random(seed, 'runtime')
  const drawn = drawRuntimeMix(random.fork('mix'))
  const mix = options.mix?.(drawn) ?? drawn
  const room = new Room(mix, random.fork('room'), options.plants ?? {}, options.leftOut ?? new Set())
  return watchingTheConsole(
    error => room.report('Uncaught Error', `a page shows ${error}`),
    () => runRoom(seed, room, random, options),
  )
}

async function runRoom(seed: number, room: Room, random: Random, options: RuntimeOptions): Promise<RuntimeResult> {
  const { mix, timeline, violations } = room
  timeline.onLine = options.onLine
  room.onTrace = options.onTrace
  const isOver = (): boolean => violations.length > 0

  const clients = new Clients(room, random.fork('clients'))
  room.onOpened = (tab, open) => {
    clients.attend(tab, open)
    if (mix.turnsWithinMs === 0) return
    const turns = random.fork(`turns/${tab.index}/${open.page.number}`)
    room.marks.sometimes('machine starved')
    starve(timeline, open.page, turns, mix.turnsWithinMs, () => !room.isCalm)
  }
  for (let i = 0; i < mix.tabs + mix.latecomers; i++) room.addTab()
  const [founder, ...others] = room.tabs
  if (founder !== undefined) room.openTab(founder)
  // Until there is a room, there is nobody to join.
  await timeline.run(60_000, () => founder?.open?.cluster !== undefined)
  const arrivals = random.fork('arrivals')
  for (const [i, tab] of others.entries()) {
    const isLate = i + 1 >= mix.tabs
    timeline.after(arrivals.between(0, isLate ? mix.faultsMs : 500), () => room.openTab(tab))
  }
  const clusterId = founder?.open?.cluster?.status().clusterId ?? ''
  const remote = Array.from(
    { length: mix.remoteClients },
    (_, i) => new RemoteClient(room, i + 1, clusterId, random.fork(`remote/${i}`)),
  )
  const portClients = Array.from(
    { length: mix.portClients },
    (_, i) => new PortClient(room, i + 1, random.fork(`port/${i}`), clients),
  )
  const requests = new LeadersRequests(room, random.fork('requests'))
  const day = new BadDay(room, random.fork('faults'))
  const neighbour = mix.hasNeighbour ? new Neighbour(room, random.fork('neighbour')) : undefined
  const poisoner = mix.hasPoisoner ? new Poisoner(room, random.fork('poisoner'), clusterId) : undefined
  const half = mix.faultsMs / 2
  await timeline.run(timeline.now + half, isOver)
  if (mix.hasNight && !isOver()) await passNight(room, day, [clients, requests, ...remote, ...portClients], isOver)
  await timeline.run(timeline.now + half, isOver)
  clients.stop()
  for (const client of [...remote, ...portClients]) client.stop()
  requests.stop()
  day.stop()
  neighbour?.stop()
  poisoner?.stop()
  const term = Math.max(0, ...room.tabs.map(tab => room.status(tab)?.term ?? 0))
  if (!isOver()) await convergeRoom(room, day, clients, remote, portClients, random.fork('calm'))
  if (neighbour?.fault !== undefined) room.report('Two Clusters', neighbour.fault)
  if (poisoner?.fault !== undefined) room.report('Bounded Terms', poisoner.fault)
  if (!isOver()) judge(room)
  return {
    seed,
    mix,
    day: mix.day,
    events: timeline.events,
    simulatedMs: timeline.now,
    operations: room.history.all.length,
    done: room.history.all.filter(({ outcome }) => outcome === 'done').length,
    history: room.history.all,
    term,
    violations,
    happenings: room.happenings,
    marks: room.marks.counts,
    traceHash: (timeline.hash >>> 0).toString(16).padStart(8, '0'),
  }
}

/** What can only be said of the whole. */
function judge(room: Room): void {
  const { history, exactlyOnce, watch, sessionEnds } = room
  const about =
    (property: string) =>
    (detail: string): void =>
      room.report(property, detail)
  for (const { index } of exactlyOnce.effects.values()) sessionEnds.tookEffect(index)
  for (const operation of history.all) {
    readYourWrites(operation, exactlyOnce.effects, about('Read Your Writes'))
    if (operation.kind === 'write') {
      trueFates(operation, watch.committed, exactlyOnce.effects, about('True Fates'))
    }
  }
  linearizableHistory(history.all, about('Linearizability'))
}
