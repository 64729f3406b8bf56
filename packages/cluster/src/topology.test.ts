import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isClientId } from './client-way.ts'
import { ANSWERING_LEARNERS, FULL_MESH_NODES, type Membership, UNADMITTED_LINKS, wantedLinks } from './topology.ts'

interface Room extends Membership {
  readonly present: readonly string[]
}

const nodeId = fc.string({ minLength: 1, maxLength: 6 }).filter(id => !isClientId(id))
const ids = fc.uniqueArray(nodeId, { minLength: 1, maxLength: 100 })

/** Of many nodes some are members, some of those vote, and some of all are here. */
const rooms: fc.Arbitrary<Room> = ids.chain(all =>
  fc.record({ memberCount: fc.nat(all.length), voterCount: fc.nat(7), present: fc.subarray(all) }).map(drawn => {
    const members = all.slice(0, drawn.memberCount)
    return { members, voters: members.slice(0, drawn.voterCount), present: drawn.present }
  }),
)

const wantedIn = (room: Room, self: string) => wantedLinks(self, room, room.present)
const isVoterHere = ({ voters, present }: Room): boolean => voters.some(id => present.includes(id))

test('who does not vote wants no more than the voters and two, and in a small room no more than eight', () => {
  fc.assert(
    fc.property(rooms, room => {
      for (const self of room.present) {
        if (room.members.length === 0 || room.voters.includes(self)) continue
        const wanted = wantedIn(room, self).size
        expect(wanted).toBeLessThanOrEqual(Math.max(FULL_MESH_NODES - 1, room.voters.length + 2))
      }
    }),
  )
})

test('of forty, five of which vote, nobody else wants more than seven', () => {
  const members = Array.from({ length: 40 }, (_, i) => `n${i}`)
  const room = { members, voters: members.slice(0, 5), present: members }
  expect(members.map(self => wantedIn(room, self).size)).toEqual([...Array(5).fill(39), ...Array(35).fill(7)])
})

test('one end of a link wants it if the other does', () => {
  fc.assert(
    fc.property(rooms, room => {
      if (room.members.length === 0) return
      for (const self of room.present) {
        for (const other of wantedIn(room, self)) expect(wantedIn(room, other)).toContain(self)
      }
    }),
  )
})

test('nobody wants a link to itself, or to who is not there', () => {
  fc.assert(
    fc.property(rooms, room => {
      for (const self of room.present) {
        const wanted = wantedIn(room, self)
        expect(wanted).not.toContain(self)
        for (const other of wanted) expect(room.present).toContain(other)
      }
    }),
  )
})

test('all members that are here are connected, with their voters and without', () => {
  fc.assert(
    fc.property(rooms, room => {
      const here = room.present.filter(id => room.members.includes(id))
      const learners = here.filter(id => !room.voters.includes(id))
      expect(reached(room, here)).toBe(here.length)
      expect(reached(room, learners)).toBe(learners.length)
    }),
  )
})

test('where a voter is here, whoever is no member is linked to one', () => {
  fc.assert(
    fc.property(rooms, room => {
      if (!isVoterHere(room)) return
      for (const self of room.present) {
        if (!room.members.includes(self)) {
          expect([...wantedIn(room, self)].some(id => room.voters.includes(id))).toBe(true)
        }
      }
    }),
  )
})

test('who belongs nowhere yet wants a few of those who came first', () => {
  const present = Array.from({ length: 30 }, (_, i) => `n${i}`)
  const wanted = wantedLinks('new', { members: [], voters: [] }, present)
  expect([...wanted]).toEqual(present.slice(0, UNADMITTED_LINKS))
})

/** How many of `among` the first of them reaches, by way of themselves. */
function reached(room: Room, among: readonly string[]): number {
  const seen = new Set(among.slice(0, 1))
  for (const at of seen) for (const to of wantedIn(room, at)) if (among.includes(to)) seen.add(to)
  return seen.size
}

test('clients change nobody’s links to nodes; who votes answers them, some others do, and they choose', () => {
  fc.assert(
    fc.property(rooms, fc.uniqueArray(fc.nat(50), { maxLength: 20 }), (room, numbers) => {
      const clients = numbers.map(number => `~${number}`)
      const crowded = { ...room, present: [...clients, ...room.present] }
      const learners: string[] = []
      for (const self of room.present) {
        const [crowd, alone] = [wantedIn(crowded, self), wantedIn(room, self)]
        const answered = [...crowd].filter(isClientId)
        expect([...crowd].sort()).toEqual([...alone, ...answered].sort())
        expect(answered).toEqual(answered.length > 0 || room.voters.includes(self) ? clients : [])
        if (answered.length > 0 && !room.voters.includes(self)) learners.push(self)
      }
      const others = room.present.filter(id => room.members.includes(id) && !room.voters.includes(id))
      expect(learners).toHaveLength(clients.length === 0 ? 0 : Math.min(ANSWERING_LEARNERS, others.length))
      const wantedBy = (members: readonly string[]) => [...wantedLinks('~me', { members, voters: [] }, crowded.present)]
      expect(wantedBy([])).toEqual(room.present)
      expect(wantedBy(room.present.slice(0, 2))).toEqual(room.present.slice(0, 2))
    }),
  )
})
