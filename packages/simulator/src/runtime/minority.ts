/** Tabs that nobody repairs: closed, crashed, frozen or cut off for good, never so many that the others are no majority. */
import type { Random } from '../ground/random.ts'
import type { Room, Tab } from './room.ts'

/** A leader that has just heard from somebody takes them for alive, and may promote them; not after so many election timeouts. */
export const believedAliveTimeouts = 3

/** Gives those that stay as they are. */
export async function keepMinorityFaulty(room: Room, random: Random): Promise<ReadonlySet<Tab>> {
  const { timeline, mix } = room
  const faulty = new Set<Tab>()
  const leader = mix.leaderStaysDeaf ? room.leader() : undefined
  for (const tab of new Set(leader === undefined ? room.tabs : [leader, ...room.tabs])) {
    if (tab !== leader && random.chance(0.5)) continue
    faulty.add(tab)
    if (!room.canDoWithout(faulty)) faulty.delete(tab)
  }
  for (const tab of faulty) leaveBroken(room, tab, random, tab === leader)
  await timeline.run(timeline.now + believedAliveTimeouts * mix.electionTimeoutMs, () => room.violations.length > 0)
  if (room.canDoWithout(faulty)) return faulty
  for (const tab of faulty) repair(room, tab)
  return new Set()
}

function leaveBroken(room: Room, tab: Tab, random: Random, isToBeDeaf: boolean): void {
  const { open } = tab
  const how = isToBeDeaf ? 'deaf' : random.pick(['gone', 'crashed', 'frozen', 'deaf', 'mute'] as const)
  room.timeline.tell(tab.name, () => `stays ${how}`)
  if (how === 'deaf' || how === 'mute') return cutOff(room, tab, how, random)
  if (open === undefined) return
  if (how === 'gone') open.page.kill('by the browser')
  else if (how === 'crashed') open.cluster?.crash()
  else open.page.freeze()
}

/** Either it hears nobody, or nobody hears it, by whatever way: who hears some and is heard by some may lead, and leave others behind. */
function cutOff({ tabs, network }: Room, tab: Tab, how: 'deaf' | 'mute', random: Random): void {
  for (const other of tabs) {
    if (other === tab) continue
    if (how === 'deaf' || random.chance(0.3)) network.cut(other.index, tab.index, 'all')
    if (how === 'mute' || random.chance(0.3)) network.cut(tab.index, other.index, 'all')
    if (random.chance(0.3)) network.breakLinks(tab.index, other.index)
  }
}

function repair({ tabs, network, timeline }: Room, tab: Tab): void {
  timeline.tell(tab.name, () => 'had been promoted, and is repaired')
  tab.open?.page.thaw(true)
  for (const { index } of tabs) {
    network.mend(index, tab.index)
    network.mend(tab.index, index)
  }
}
