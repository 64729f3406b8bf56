/** Nodes that keep nothing: they see everything, never vote, and are nobody's once they have gone. */
import { afterEach, describe, expect, it } from 'vitest'
import { type TestNode, TestRoom } from '../fixtures/room.ts'

let room: TestRoom

afterEach(async () => {
  await Promise.all(room.nodes.map(({ cluster }) => cluster.close()))
})

const seen = ({ cluster }: TestNode, id: string) => cluster.status().members.find(member => member.id === id)

describe('a guest', () => {
  it('is let in as a learner, sees everything, may write, and never votes, whoever leads and however few vote', async () => {
    room = new TestRoom()
    await room.settled(2)
    const guest = await room.open('join', undefined, { isGuest: true })
    await room.until(() => guest.cluster.status().state === 'running', 'it is in')
    const [other] = room.followers()
    if (other === undefined) throw new Error('a follower')
    await room.done(room.write(guest, 'from a guest'))
    await room.pass(30_000)
    await room.done(room.mustLead().cluster.transferLeadership())
    await room.pass(30_000)
    for (const node of room.nodes) expect(seen(node, guest.id)).toMatchObject({ voter: false })
    expect(guest.chronicle.lines).toEqual(['from a guest'])
    const asked = room.mustLead().cluster.addMember(guest.id, 'voter', { timeoutMs: 5_000 })
    expect(await room.done(asked.catch((error: unknown) => error))).toMatchObject({ kind: 'Timeout' })
    expect(seen(other, guest.id)).toMatchObject({ voter: false })
  })

  it('is no member any more soon after it has gone, with or without a word; a node is one for a day', async () => {
    room = new TestRoom({ autopilot: { maxVoters: 1 } })
    const founder = await room.open('create')
    const silent = await room.open('join', undefined, { isGuest: true })
    const polite = await room.open('join', undefined, { isGuest: true })
    const learner = await room.open('join')
    await room.until(() => founder.cluster.status().members.length === 4, 'all are in')
    room.cut([silent], [founder])
    for (const gone of [polite, learner]) {
      room.nodes.splice(room.nodes.indexOf(gone), 1)
      await gone.cluster.close()
    }
    await room.until(() => seen(founder, polite.id) === undefined, 'it said goodbye', 10_000)
    await room.until(() => seen(founder, silent.id) === undefined, 'it fell silent', 60_000)
    await room.pass(60_000)
    expect(seen(founder, learner.id)).toMatchObject({ voter: false })
  })
})
