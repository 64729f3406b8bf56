/**
 * A room of many: how everybody comes in, who votes and who has a link to whom, and what leading it costs. Nothing fails here;
 * latencies are those of a local network.
 */
import { TransportError } from '@flotilla/cluster'
import { defaultOptions } from '@flotilla/core'
import { Random } from '../ground/random.ts'
import { drawRuntimeMix } from './kinds-of-days.ts'
import { faultKinds, type RuntimeMix } from './mix.ts'
import { type OpenTab, Room, type Tab } from './room.ts'

const { electionTimeoutMs, heartbeatIntervalMs } = defaultOptions

const joinedWithinMs = 120_000
const measuredMs = 10_000

/** What goes out of one node, or comes in, in a second. */
export interface Rate {
  readonly messages: number
  readonly bytes: number
}

export interface Load {
  readonly leaderOut: Rate
  readonly leaderIn: Rate
  /** Of the learner with most of it, or where there is none, of such a follower. */
  readonly followerOut: Rate
}

export interface CrowdFigures {
  readonly nodes: number
  readonly voters: number
  /** Links of the node with most of them that votes, and of the one that does not; 0 where all vote. */
  readonly mostLinksOfVoter: number
  readonly mostLinksOfLearner: number
  /** From the first tab to when everybody is a member, and the five vote. Virtual milliseconds. */
  readonly joinedAfterMs: number
  readonly idle: Load
  readonly writing: Load
}

export class Crowd {
  readonly room: Room
  readonly #random: Random

  constructor(nodes: number, seed: number, settings: Partial<RuntimeMix> = {}) {
    this.#random = new Random(seed, 'crowd')
    this.room = new Room({ ...quiet(nodes), ...settings }, this.#random.fork('room'), {}, new Set())
    for (let i = 0; i < nodes; i++) this.room.addTab()
  }

  /** Opens all tabs, the others within two seconds of the first, and waits until they are one room. */
  async gather(): Promise<void> {
    const { room } = this
    const [founder, ...others] = room.tabs
    if (founder !== undefined) room.openTab(founder)
    await this.until(() => founder?.open?.cluster !== undefined, 'the room is made')
    const arrivals = this.#random.fork('arrivals')
    for (const tab of others) room.timeline.after(arrivals.between(0, 2_000), () => room.openTab(tab))
    const areOpen = (): boolean => room.tabs.every(({ open }) => open?.cluster !== undefined)
    await this.until(() => areOpen() && this.isSettled(), 'everybody is in')
  }

  /** Everybody that is open is a member and follows one leader; as many vote as may; links are those that are wanted. */
  isSettled(): boolean {
    const { room } = this
    const open = room.tabs.filter(tab => tab.open !== undefined)
    const leader = room.leader()
    const leading = leader && room.status(leader)
    if (leading === undefined || leading.members.length < open.length) return false
    const voters = leading.members.filter(({ voter }) => voter)
    if (voters.length !== Math.min(open.length, this.mostVoters)) return false
    return open.every(tab => {
      const status = room.status(tab)
      return status?.leader === leading.id && status.lastApplied === leading.lastIndex && status.state === 'running'
    })
  }

  get mostVoters(): number {
    return this.room.mix.autopilot.maxVoters ?? 5
  }

  async write(tab: Tab, operation: number, padding = 90): Promise<void> {
    const cluster = tab.open?.cluster
    if (cluster === undefined) throw new TransportError('Closed', `${tab.name} is not open`)
    await cluster.propose({ operation, key: operation % 5, padding })
  }

  /** Lets virtual time pass until this is so. @throws Error if it is not in time, or if an invariant is broken */
  async until(isSo: () => boolean, what: string, withinMs = joinedWithinMs): Promise<void> {
    const { timeline, violations } = this.room
    const end = timeline.now + withinMs
    while (!isSo()) {
      if (timeline.now >= end) throw new Error(`not within ${withinMs} ms: ${what}`)
      await timeline.run(timeline.now + 50, () => violations.length > 0)
      const [violation] = violations
      if (violation !== undefined) throw new Error(`${violation.property}: ${violation.detail}`)
    }
  }

  linksOf(tab: Tab): number {
    return tab.open?.cluster?.peers().length ?? 0
  }

  votes(tab: Tab): boolean {
    const status = this.room.status(tab)
    return status?.members.some(({ id, voter }) => voter && id === status.id) ?? false
  }
}

export async function measureCrowd(nodes: number, seed: number): Promise<CrowdFigures> {
  const crowd = new Crowd(nodes, seed)
  const { room } = crowd
  await crowd.gather()
  const joinedAfterMs = room.timeline.now
  // Links that nobody wants any more are given up by then.
  await room.timeline.run(room.timeline.now + 5_000, () => false)
  const most = (tabs: readonly Tab[]): number => Math.max(0, ...tabs.map(tab => crowd.linksOf(tab)))
  const voters = room.tabs.filter(tab => crowd.votes(tab))
  const learners = room.tabs.filter(tab => !crowd.votes(tab))
  const idle = await loadOf(crowd)
  let operation = 0
  const [writer] = room.tabs
  let isWriting = true
  room.timeline.every(
    () => 100,
    () => {
      if (writer !== undefined) void crowd.write(writer, ++operation)
    },
    () => isWriting,
  )
  const writing = await loadOf(crowd)
  isWriting = false
  return {
    nodes,
    voters: voters.length,
    mostLinksOfVoter: most(voters),
    mostLinksOfLearner: most(learners),
    joinedAfterMs,
    idle,
    writing,
  }
}

/** Counts every frame for a while. */
async function loadOf(crowd: Crowd): Promise<Load> {
  const { room } = crowd
  const idOf = (open: OpenTab | undefined): string => open?.cluster?.id ?? ''
  const leader = idOf(room.leader()?.open)
  const out = new Map<string, Rate>()
  let into: Rate = { messages: 0, bytes: 0 }
  const add = (rate: Rate | undefined, bytes: number): Rate => ({
    messages: (rate?.messages ?? 0) + 1,
    bytes: (rate?.bytes ?? 0) + bytes,
  })
  room.network.onBytes = (from, to, bytes) => {
    out.set(from.id, add(out.get(from.id), bytes))
    if (to === leader) into = add(into, bytes)
  }
  await room.timeline.run(room.timeline.now + measuredMs, () => false)
  room.network.onBytes = () => {}
  const learners = room.tabs.filter(tab => !crowd.votes(tab)).map(({ open }) => idOf(open))
  const others = learners.length > 0 ? learners : room.tabs.map(({ open }) => idOf(open)).filter(id => id !== leader)
  const rates = others.map(id => out.get(id) ?? { messages: 0, bytes: 0 })
  const busiest = rates.reduce((a, b) => (b.bytes > a.bytes ? b : a), { messages: 0, bytes: 0 })
  return {
    leaderOut: perSecond(out.get(leader)),
    leaderIn: perSecond(into),
    followerOut: perSecond(busiest),
  }
}

const perSecond = (rate: Rate | undefined): Rate => ({
  messages: ((rate?.messages ?? 0) * 1_000) / measuredMs,
  bytes: ((rate?.bytes ?? 0) * 1_000) / measuredMs,
})

/** As an application opens its rooms, with nothing that goes wrong. */
function quiet(nodes: number): RuntimeMix {
  const drawn = drawRuntimeMix(new Random(1, 'crowd'))
  return {
    ...drawn,
    tabs: nodes,
    latecomers: 0,
    tabsPerDevice: 1,
    lasting: 0,
    electionTimeoutMs,
    raft: { electionTimeoutMs, heartbeatIntervalMs },
    autopilot: {},
    network: { leastMs: 1, typicalMs: 2, loss: 0, duplication: 0 },
    disk: { leastMs: 1, typicalMs: 2 },
    faultWeights: { ...drawn.faultWeights, ...Object.fromEntries(faultKinds.map(kind => [kind, 0])) },
    hasNight: false,
    hasNeighbour: false,
    turnsWithinMs: 0,
    minorityStaysFaulty: false,
  }
}
