/** Rooms of more tabs than can all be linked to each other: who is linked to whom, and how that comes about. */
import { type Membership, wantedLinks } from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import { PART_AFTER_MS } from './mesh.ts'
import { type Tab, VirtualRoom } from './room-in-virtual-time.ts'

const nobody: Membership = { members: [], voters: [] }

function tabsOf(room: VirtualRoom, count: number, membership: Membership): readonly Tab[] {
  return Array.from({ length: count }, (_, i) => {
    const tab = room.open(`n${String(i).padStart(3, '0')}`)
    tab.mesh.knowMembers(membership)
    return tab
  })
}

/** The first of them vote. */
function electorate(tabs: readonly Tab[], votes = 5): Membership {
  const members = tabs.map(({ id }) => id)
  return { members, voters: members.slice(0, votes) }
}

function expectWantedLinks(tabs: readonly Tab[], membership: Membership): void {
  const present = tabs.map(({ id }) => id)
  for (const { id, mesh } of tabs) {
    const wanted = [...wantedLinks(id, membership, present)].sort()
    expect([...mesh.peers()].sort(), `the peers of ${id}`).toEqual(wanted)
  }
}

describe('the mesh of many', () => {
  it.each([40, 100])('of %i tabs that open at once each has the links that it wants, and no other', count => {
    const room = new VirtualRoom()
    const tabs = tabsOf(room, count, nobody)
    room.run(1_000)
    // Those who belong nowhere yet look for a few others, and are looked for by as few on average.
    expect(tabs.reduce((sum, { mesh }) => sum + mesh.peers().length, 0)).toBeLessThanOrEqual(2 * 8 * count)

    const membership = electorate(tabs)
    for (const { mesh } of tabs) mesh.knowMembers(membership)
    room.run(3 * PART_AFTER_MS)
    expectWantedLinks(tabs, membership)
    for (const { mesh } of tabs.slice(5)) expect(mesh.peers()).toHaveLength(7)
  })

  it('a tab that comes into a room of many is found by those who vote, and then finds its place', () => {
    const room = new VirtualRoom()
    const tabs = tabsOf(room, 20, nobody)
    const before = electorate(tabs)
    for (const { mesh } of tabs) mesh.knowMembers(before)
    room.run(10_000)

    const late = room.open('n005b')
    late.mesh.knowMembers(nobody)
    room.run(100)
    expect([...late.mesh.peers()].sort()).toEqual(before.voters)

    const after = { ...before, members: [...before.members, late.id] }
    for (const { mesh } of [...tabs, late]) mesh.knowMembers(after)
    room.run(3 * PART_AFTER_MS)
    expectWantedLinks([...tabs, late], after)
  })

  it('a learner that becomes a voter is linked to everybody, and the voter that it was before is no more', () => {
    const room = new VirtualRoom()
    const tabs = tabsOf(room, 30, nobody)
    const before = electorate(tabs)
    for (const { mesh } of tabs) mesh.knowMembers(before)
    room.run(10_000)
    const after = { ...before, voters: [...before.voters.slice(1), 'n017'] }
    // One after the other, as the news of a configuration comes.
    for (const { mesh } of tabs) {
      mesh.knowMembers(after)
      room.run(10)
    }
    room.run(3 * PART_AFTER_MS)
    expectWantedLinks(tabs, after)
  })

  it('the place of a learner that is gone without a word is taken by the next', () => {
    const room = new VirtualRoom()
    const tabs = tabsOf(room, 20, nobody)
    const membership = electorate(tabs)
    for (const { mesh } of tabs) mesh.knowMembers(membership)
    room.run(10_000)
    const lost = tabs[10]
    lost?.crash()
    for (const { id } of tabs) if (id !== lost?.id) room.breakLink(id, lost?.id ?? '')
    room.run(60_000)
    expectWantedLinks(
      tabs.filter(tab => tab !== lost),
      membership,
    )
  })

  it('without signalling, and with one voter left, learners still find the one whose link broke', () => {
    const room = new VirtualRoom()
    const tabs = tabsOf(room, 16, nobody)
    const membership = electorate(tabs)
    for (const { mesh } of tabs) mesh.knowMembers(membership)
    room.run(10_000)
    room.passesOn = true
    room.loses = () => true
    for (const { mesh } of tabs.slice(0, 4)) mesh.close()
    room.run(1_000)
    const left = tabs.slice(4)
    room.breakLink('n008', 'n009')
    room.run(60_000)
    expectWantedLinks(left, membership)
  })

  it('a link is kept for as long as one end wants it, and nobody tries in vain for one that no end wants', () => {
    const room = new VirtualRoom()
    const tabs = tabsOf(room, 12, nobody)
    const membership = electorate(tabs)
    for (const { mesh } of tabs) mesh.knowMembers(membership)
    room.run(10_000)
    // One goes by a configuration in which it votes, as after a change that is not committed yet.
    const [ahead] = tabs.slice(-1)
    ahead?.mesh.knowMembers({ ...membership, voters: [...membership.voters, ahead.id] })
    room.run(10_000)
    expect(ahead?.mesh.peers()).toHaveLength(11)
    ahead?.mesh.knowMembers(membership)
    room.run(2 * PART_AFTER_MS)
    expectWantedLinks(tabs, membership)

    const made = room.connectionsMade
    room.run(3_600_000)
    expect(room.connectionsMade).toBe(made)
  })
})
