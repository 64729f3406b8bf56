/**
 * After the bad day: everybody is back but, on some days, a minority; nothing fails any more, and within bounds there must
 * be one leader, everybody in, equal states, every promise kept, and in every tab a write and a read that succeed.
 */
import type { Random } from '../ground/random.ts'
import type { BadDay } from './bad-day.ts'
import { type Asker, askerOf, type Clients } from './clients.ts'
import type { ClientOperation } from './history.ts'
import { believedAliveTimeouts, keepMinorityFaulty } from './minority.ts'
import type { PortClient } from './port-client.ts'
import type { RemoteClient } from './remote-client.ts'
import type { Room, Tab } from './room.ts'

/** Those who were removed unawares ask to be let in after 10 s; the dead are taken for it later. */
const slowestRuleMs = 15_000
const electionTimeouts = 20
const checkEveryMs = 50
/** Another leader, or another snapshot, begins anew. */
const timesToCatchUp = 3

export async function convergeRoom(
  room: Room,
  day: BadDay,
  clients: Clients,
  remote: readonly RemoteClient[],
  portClients: readonly PortClient[],
  random: Random,
): Promise<void> {
  const { timeline, tabs, network, mix } = room
  timeline.tell('—', () => 'the bad day is over')
  room.isCalm = true
  network.becomeCalm()
  for (const { open, device } of tabs) {
    device.becomeCalm()
    if (open === undefined) continue
    open.clock.setRate(1)
    open.clock.grainMs = 0
    open.machine.isMute = false
    open.page.burn(Number.POSITIVE_INFINITY)
    open.page.thaw(true)
    open.page.enter(() => open.cluster?.setVisible(true))
  }
  // A leader may promote whoever was lost a moment ago, and only then is it clear who is needed.
  const isAnyLost = [...room.watch.ghost.nodes.values()].some(({ vanished }) => vanished)
  if (isAnyLost) await timeline.run(timeline.now + believedAliveTimeouts * mix.electionTimeoutMs, () => false)
  // Where lost disks took a majority with them, only somebody who decides to do without what is lost can help.
  if (!room.canDoWithout(new Set())) return room.marks.sometimes('no majority is left for good')

  // Without pre-votes, a single tab that hears nobody may disturb the others for ever.
  const roles = new Map(tabs.map(tab => [tab, room.status(tab)?.role]))
  const faulty =
    mix.minorityStaysFaulty && mix.raft.preVote === true ? await keepMinorityFaulty(room, random) : new Set<Tab>()
  const sound = tabs.filter(tab => !faulty.has(tab))
  const care = (): void => {
    for (const tab of sound) {
      if (leadsOnInVain(room, sound, tab)) tab.open?.page.kill('by its user')
      if (tab.open === undefined) room.openTab(tab)
      else day.restart(tab)
      if (room.status(tab)?.refusal === 'Removed') invite(room, sound, tab)
    }
  }
  care()
  timeline.every(
    () => 200,
    care,
    () => room.isCalm,
  )

  // Who was starved a moment ago is patient still.
  const patience = mix.turnsWithinMs > 0 ? (mix.raft.electionTimeoutStretch ?? 8) : 1
  const limitMs =
    electionTimeouts * mix.electionTimeoutMs * patience + slowestRuleMs + mix.timeoutMs + catchingUpMs(room)
  await until(room, limitMs, () =>
    remote.some(({ isWaiting }) => isWaiting) ? 'a client waits' : unsettledBecause(room, sound),
  )
  if (room.violations.length > 0) return

  for (const client of portClients) client.keepTo(sound)
  const askers: (() => Asker | undefined)[] = [
    ...sound.map(tab => () => tab.open && askerOf(tab, tab.open)),
    ...portClients.map(
      ({ asker }) =>
        () =>
          asker,
    ),
  ]
  const succeed = askers.flatMap(asker => [
    insistently(asker, who => clients.write(who, 0, 0, limitMs)),
    insistently(asker, who => clients.read(who, 0, limitMs)),
  ])
  await until(
    room,
    limitMs,
    () =>
      succeed.map(unanswered => unanswered()).find(why => why !== undefined) ??
      unsettledBecause(room, sound) ??
      behindBecause(sound, portClients),
  )
  if (room.violations.length > 0) return
  for (const tab of faulty) {
    const role = roles.get(tab)
    if (role === undefined) continue
    const what = role === 'leader' || role === 'learner' ? role : 'voter'
    room.marks.sometimes(`converged though a ${what} stayed faulty`)
    if (what === 'leader' && mix.leaderStaysDeaf) room.marks.sometimes('converged though a leader stayed deaf')
  }
}

/** Every copy comes to where the nodes are. */
function behindBecause(tabs: readonly Tab[], clients: readonly PortClient[]): string | undefined {
  const machine = tabs[0]?.open?.machine
  const behind = clients.find(client => machine !== undefined && !client.isLike(machine))
  return behind && `the copy of ${behind.asker.name} is behind`
}

/**
 * A leader that does not check its quorum, and was expelled while it was cut off, is heard by nobody and hears of it from nobody. Its user
 * sees that nothing is ever committed.
 */
function leadsOnInVain(room: Room, tabs: readonly Tab[], tab: Tab): boolean {
  const leader = room.leader(tabs)
  const status = room.status(tab)
  if (room.mix.raft.checkQuorum !== false || leader === undefined || leader === tab) return false
  const isMember = room.status(leader)?.members.some(({ id }) => id === status?.id)
  return status?.role === 'leader' && isMember === false
}

/** Who was expelled is let in by whoever says so, through whichever node. */
function invite(room: Room, tabs: readonly Tab[], expelled: Tab): void {
  const id = room.status(expelled)?.id
  const host = tabs.find(tab => tab !== expelled && room.status(tab)?.leader !== undefined)?.open
  if (id === undefined || host?.cluster === undefined) return
  room.marks.sometimes('expelled node kept out until it was added')
  const { cluster, page } = host
  room.settling.watch(page, 'an invitation', room.timeline.now, cluster.addMember(id, 'learner', { timeoutMs: 1_000 }))
}

/**
 * Asked again for as long as it fails: a page that was frozen until now may only learn by this that its storage had failed.
 * What this returns says what has no answer yet.
 */
function insistently(asker: () => Asker | undefined, ask: (asker: Asker) => ClientOperation): () => string | undefined {
  let asked: ClientOperation | undefined
  return () => {
    const hasFailed = asked?.outcome === 'failed' || asked?.outcome === 'unknown'
    const who = asker()
    if ((asked === undefined || hasFailed) && who !== undefined) asked = ask(who)
    if (asked === undefined) return 'a tab is not open'
    return asked.outcome === 'done' ? undefined : `${asked.kind} ${asked.number} of ${who?.name} is ${asked.outcome}`
  }
}

/** Everything that there is, sent to somebody in the smallest of pieces, each when the one before has arrived. */
function catchingUpMs(room: Room): number {
  const { watch, mix, tabs } = room
  const { snapshotChunkBytes = Number.POSITIVE_INFINITY, maxEntriesPerMessage = Number.POSITIVE_INFINITY } = mix.raft
  // A leader that nobody heard may have thousands that are not committed.
  const entries = Math.max(watch.ghost.commit, ...tabs.map(tab => room.status(tab)?.lastIndex ?? 0))
  const trips = Math.ceil(watch.largestSnapshotBytes / snapshotChunkBytes) + Math.ceil(entries / maxEntriesPerMessage)
  // In calm weather, both ways and to the disk.
  const hops = (mix.network.apart ?? 0) > 0 ? 2 : 1
  const tripMs = 2 * hops * (mix.network.leastMs + 2) + mix.disk.leastMs
  return timesToCatchUp * trips * tripMs
}

async function until(room: Room, limitMs: number, why: () => string | undefined): Promise<void> {
  const { timeline, violations } = room
  const end = timeline.now + limitMs
  while (violations.length === 0) {
    const reason = why()
    if (reason === undefined) return
    if (timeline.now >= end) {
      room.settling.judge(detail => room.report('Settling', detail))
      room.report('Liveness', `${limitMs.toFixed(0)} ms after the faults: ${reason}`)
      return
    }
    await timeline.run(timeline.now + checkEveryMs, () => violations.length > 0)
  }
}

/** `undefined` when all is as it should be. */
function unsettledBecause(room: Room, tabs: readonly Tab[]): string | undefined {
  const { settling } = room
  const statuses = tabs.map(tab => room.status(tab))
  const leader = room.leader(tabs)
  const leading = leader === undefined ? undefined : room.status(leader)
  if (leading === undefined) return 'nobody leads'
  for (const [i, status] of statuses.entries()) {
    const name = tabs[i]?.name
    if (status === undefined) return `${name} is not open`
    if (status.state !== 'running') return `${name} is ${status.state}`
    if (status.leader !== leading.id || status.term !== leading.term) {
      return `${name} follows ${status.leader ?? 'nobody'} in term ${status.term}, not ${leading.id} in ${leading.term}`
    }
    if (status.lastApplied !== leading.lastIndex) {
      return `${name} has applied ${status.lastApplied} of ${leading.lastIndex}`
    }
  }
  const chains = new Set(tabs.map(({ open }) => open?.machine.chain))
  if (chains.size > 1) return 'states differ'
  return settling.open > 0 ? `${settling.open} promises are open` : undefined
}
