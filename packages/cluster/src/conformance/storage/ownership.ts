/** A node has one driver: openings are numbered, an older driver is fenced, and after an end nothing more is written. */
import { expect } from '../case.ts'
import { emptyState, expectEqual, expectRefused, reclaim, type StoragePromises } from './promises.ts'
import { commands, snapshot, unit } from './units.ts'

export const ownership: StoragePromises = {
  async 'a node has one driver at a time, and the next one may be in another tab'(device) {
    const [one, two] = [device.tab()('room'), device.tab()('room')]
    const a = await one.create({ nodeId: 'a', clusterId: undefined })
    expect((await two.claim('a')) === undefined, 'not while another tab drives it')
    expect((await one.claim('a')) === undefined, 'nor while this one does')
    await a.close()
    const claims = await Promise.all([one.claim('a'), two.claim('a'), one.claim('a')])
    const drivers = claims.filter(claimed => claimed !== undefined)
    expect(drivers.length === 1, 'of three that claim at once, one gets it')
  },

  async 'ownerEpoch grows by one each time the node is opened'(device) {
    let storage = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    for (const epoch of [1, 2, 3, 4]) {
      expect(storage.recovered.ownerEpoch === epoch, `opening ${epoch}`)
      await storage.close()
      storage = await reclaim(device, 'a')
    }
  },

  async 'an older owner is fenced, and writes nothing'(device) {
    const old = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    await old.persist(unit({ hardState: { currentTerm: 1, votedFor: 'a' }, entries: commands(1, 3, 1) }))
    const owner = await device.takeOver('room', 'a')
    expect(owner.recovered.ownerEpoch === 2, 'a takeover is an opening')
    expect(owner.recovered.state.entries.length === 3, 'it finds what is durable')

    const late = unit({ hardState: { currentTerm: 8, votedFor: 'b' }, truncateFrom: 1, snapshot: snapshot(9, 8, 10) })
    await Promise.all([expectRefused(old.persist(late), 'Fenced'), expectRefused(old.persist(unit({})), 'Fenced')])
    await expectRefused(old.setClusterId('0123456789abcdef0123456789abcdef'), 'Fenced')
    expect((await old.lost).kind === 'Fenced', 'and is told that it lost the node')
    await old.close()

    await owner.persist(unit({ entries: commands(4, 4, 1) }))
    const { recovered } = await device.takeOver('room', 'a')
    const { currentTerm, votedFor, entries, snapshot: none } = recovered.state
    expect(currentTerm === 1 && votedFor === 'a' && none === undefined, 'nothing of the fenced unit is there')
    expectEqual(entries, commands(1, 4, 1), 'and all of the owner is')
    expect(recovered.identity.clusterId === undefined, 'nor did a fenced owner change the identity')
  },

  async 'after a unit has failed nothing is written, also of what was already under way'(device) {
    const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    await a.persist(unit({ entries: commands(1, 3, 1) }))
    device.fillDisk()
    await Promise.all([
      expectRefused(a.persist(unit({ entries: commands(4, 4, 1) })), 'QuotaExceeded'),
      expectRefused(a.persist(unit({ entries: commands(5, 5, 1) })), 'QuotaExceeded'),
      expectRefused(a.persist(unit({ hardState: { currentTerm: 5, votedFor: undefined } })), 'QuotaExceeded'),
    ])
    await expectRefused(a.persist(unit({})), 'QuotaExceeded')
    await a.close()
    const { state } = (await reclaim(device, 'a')).recovered
    expectEqual(state, { ...emptyState, entries: commands(1, 3, 1) }, 'what was durable before is all there is')
  },

  async 'close waits for what is under way'(device) {
    const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    let durable = 0
    const underWay = commands(1, 50, 1).map(entry => a.persist(unit({ entries: [entry] })).then(() => (durable += 1)))
    await a.close()
    expect(durable === 50, 'all are durable once close resolves')
    await Promise.all(underWay)
    expect((await reclaim(device, 'a')).recovered.state.entries.length === 50, 'and recovered')
  },

  async 'closing twice is once, and does not take the node from the next driver'(device) {
    const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    await Promise.all([a.close(), a.close()])
    const next = await reclaim(device, 'a')
    await a.close()
    expect((await device.tab()('room').claim('a')) === undefined, 'the next one still drives it')
    await next.persist(unit({ hardState: { currentTerm: 1, votedFor: undefined } }))
  },

  async 'a closed storage takes nothing more'(device) {
    const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    const closing = a.close()
    await expectRefused(a.persist(unit({ hardState: { currentTerm: 1, votedFor: undefined } })), 'Closed')
    await closing
    await expectRefused(a.persist(unit({})), 'Closed')
    await expectRefused(a.setClusterId('0123456789abcdef0123456789abcdef'), 'Closed')
    expectEqual((await reclaim(device, 'a')).recovered.state, emptyState, 'nothing was written')
  },
}
