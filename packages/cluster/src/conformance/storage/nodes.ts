/** Which nodes a room has: they are listed, made once, and have an identity that lasts. */
import type { RecoveredState } from '@flotilla/core'
import { expect } from '../case.ts'
import { emptyState, expectEqual, expectRefused, identities, reclaim, type StoragePromises } from './promises.ts'
import { commands, configuration, snapshot, unit, voters } from './units.ts'

const CLUSTER = '0123456789abcdef0123456789abcdef'
const OTHER_CLUSTER = 'fedcba9876543210fedcba9876543210'

export const nodes: StoragePromises = {
  async 'a device on which nothing was stored has no nodes'(device) {
    const shelf = device.tab()('room')
    expectEqual(await identities(shelf), [], 'the list is empty')
    expect((await shelf.claim('nobody')) === undefined, 'there is nothing to claim')
    expectEqual(await identities(shelf), [], 'and claiming made nothing')
  },

  async 'a new node is empty and is who it was made as'(device) {
    const shelf = device.tab()('room')
    const a = await shelf.create({ nodeId: 'a', clusterId: undefined })
    expectEqual(a.recovered, { identity: { nodeId: 'a', clusterId: undefined }, ownerEpoch: 1, state: emptyState }, 'a')
    const b = await shelf.create({ nodeId: 'b', clusterId: CLUSTER })
    expectEqual(b.recovered.identity, { nodeId: 'b', clusterId: CLUSTER }, 'an identity with a cluster')
    expectEqual(await identities(shelf), [a.recovered.identity, b.recovered.identity], 'both are listed while driven')
  },

  async 'a node that is made with keys has them for good, and one that is made without has none'(device) {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const keys = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    const shelf = device.tab()('room')
    const a = await shelf.create({ nodeId: 'a', clusterId: undefined, keys })
    await (await shelf.create({ nodeId: 'b', clusterId: undefined })).close()
    await a.setClusterId(CLUSTER)
    await a.close()
    const again = (await reclaim(device, 'a')).recovered.keys
    if (again === undefined) throw new Error('a node has lost its keys')
    const [how, what] = [{ name: 'ECDSA', hash: 'SHA-256' }, new Uint8Array([1, 2, 3])]
    const signature = await crypto.subtle.sign(how, again.privateKey, what)
    expect(await crypto.subtle.verify(how, keys.publicKey, signature, what), 'they are the same')
    expect(!again.privateKey.extractable, 'and nobody can read the private one')
    expect((await reclaim(device, 'b')).recovered.keys === undefined, 'b has none')
  },

  async 'a cluster is bootstrapped with its first unit, durable before create resolves'(device) {
    const first = unit({
      hardState: { currentTerm: 1, votedFor: undefined },
      entries: [configuration(1, 1, voters('a'))],
    })
    const made = await device.tab()('room').create({ nodeId: 'a', clusterId: CLUSTER }, first)
    const expected: RecoveredState = { ...emptyState, currentTerm: 1, entries: first.entries }
    expectEqual(made.recovered.state, expected, 'the unit is in what create found')
    const { recovered } = await device.takeOver('room', 'a')
    expectEqual(recovered.state, expected, 'and is there after a crash')
    expectEqual(recovered.identity, { nodeId: 'a', clusterId: CLUSTER }, 'with its identity')
  },

  async 'a node that could not be made is not there'(device) {
    const shelf = device.tab()('room')
    device.fillDisk()
    await expectRefused(shelf.create({ nodeId: 'a', clusterId: CLUSTER }, unit({})), 'QuotaExceeded')
    expectEqual(await identities(shelf), [], 'nothing is listed')
    expect((await shelf.claim('a')) === undefined, 'nothing can be claimed')
    const { recovered } = await shelf.create({ nodeId: 'a', clusterId: CLUSTER })
    expectEqual(recovered.state, emptyState, 'it can be made afterwards, from nothing')
  },

  async 'a node that exists is not made again, driven or not'(device) {
    const shelf = device.tab()('room')
    const a = await shelf.create({ nodeId: 'a', clusterId: CLUSTER })
    await a.persist(unit({ hardState: { currentTerm: 3, votedFor: 'a' } }))
    await expectRefused(device.tab()('room').create({ nodeId: 'a', clusterId: undefined }), 'Exists')
    await a.close()
    await expectRefused(shelf.create({ nodeId: 'a', clusterId: undefined }), 'Exists')
    const { recovered } = await reclaim(device, 'a')
    expect(recovered.state.currentTerm === 3 && recovered.identity.clusterId === CLUSTER, 'it is as it was')
  },

  async 'nodes are listed in the order of their creation'(device) {
    const ids = ['c', 'a', 'd', 'b']
    for (const nodeId of ids) await (await device.tab()('room').create({ nodeId, clusterId: undefined })).close()
    await (await reclaim(device, 'd')).setClusterId(CLUSTER)
    const listed = await identities(device.tab()('room'))
    expectEqual(
      listed.map(identity => identity.nodeId),
      ids,
      'creation, not name or use, gives the order',
    )
    expectEqual(listed[2], { nodeId: 'd', clusterId: CLUSTER }, 'a list tells what is true now')
  },

  async 'the cluster id is durable, and for good'(device) {
    const a = await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    await a.setClusterId(CLUSTER)
    await a.setClusterId(CLUSTER)
    await expectRefused(a.setClusterId(OTHER_CLUSTER), 'Corrupt')
    await a.persist(unit({ entries: commands(1, 1, 1) }))
    await a.close()
    const again = await reclaim(device, 'a')
    expectEqual(again.recovered.identity, { nodeId: 'a', clusterId: CLUSTER }, 'the first one stands')
    await expectRefused(again.setClusterId(OTHER_CLUSTER), 'Corrupt')
    expectEqual(await identities(device.tab()('room')), [{ nodeId: 'a', clusterId: CLUSTER }], 'also in the list')
  },

  async 'a node that founds another cluster has its id and its first entries in one step, or neither'(device) {
    const shelf = device.tab()('room')
    const a = await shelf.create({ nodeId: 'a', clusterId: CLUSTER })
    await a.persist(unit({ hardState: { currentTerm: 3, votedFor: 'b' }, entries: commands(1, 4, 3) }))
    const founding = unit({
      hardState: { currentTerm: 4, votedFor: 'a' },
      entries: [configuration(5, 4, voters('a')), ...commands(6, 6, 4)],
    })
    await a.refound(OTHER_CLUSTER, founding)
    await a.close()
    const again = await reclaim(device, 'a')
    expectEqual(again.recovered.identity, { nodeId: 'a', clusterId: OTHER_CLUSTER }, 'it is in the other one')
    const { currentTerm, votedFor, entries } = again.recovered.state
    expectEqual([currentTerm, votedFor], [4, 'a'], 'with its term and vote')
    expectEqual(entries, [...commands(1, 4, 3), ...founding.entries], 'its log goes on')
    expectEqual((await device.tab()('room').survey()).nodes[0]?.configuration, voters('a'), 'also in the list')
    await again.setClusterId(OTHER_CLUSTER)
    await expectRefused(again.setClusterId(CLUSTER), 'Corrupt')

    // Somebody else has opened it: nothing of it is written.
    const stale = await device.takeOver('room', 'a')
    await device.takeOver('room', 'a')
    await expectRefused(stale.refound(CLUSTER, unit({ entries: commands(7, 7, 4) })), 'Fenced')
    const last = await device.takeOver('room', 'a')
    expectEqual(last.recovered.identity.clusterId, OTHER_CLUSTER, 'the id is as it was')
    expectEqual(last.recovered.state.entries.length, 6, 'and so is the log')
  },

  async 'a survey says where each log ends and which configuration is its latest, also of a node that is driven'(
    device,
  ) {
    const shelf = device.tab()('room')
    const nobody = { members: [], voters: [], oldVoters: [], namesGiven: 0, expelled: [] }
    const a = await shelf.create({ nodeId: 'a', clusterId: CLUSTER })
    const surveyed = async () => (await device.tab()('room').survey()).nodes[0]
    const stored = { nodeId: 'a', clusterId: CLUSTER }
    expectEqual(await surveyed(), { ...stored, lastTerm: 0, lastIndex: 0, configuration: nobody }, 'an empty log')
    await a.persist(unit({ entries: [configuration(1, 1, voters('a')), configuration(2, 1, voters('a', 'b'))] }))
    await a.persist(unit({ entries: commands(3, 700, 2) }))
    const before = { ...stored, lastTerm: 2, lastIndex: 700 }
    expectEqual(await surveyed(), { ...before, configuration: voters('a', 'b') }, 'a long way before the end')
    await a.persist(unit({ truncateFrom: 2, entries: commands(2, 2, 3) }))
    const after = { ...stored, lastTerm: 3, lastIndex: 2 }
    expectEqual(await surveyed(), { ...after, configuration: voters('a') }, 'the later one was truncated')
    await a.persist(unit({ snapshot: snapshot(9, 4, 10) }))
    await a.close()
    const { lastTerm, lastIndex } = (await surveyed()) ?? { lastTerm: 0, lastIndex: 0 }
    expect(lastTerm === 4 && lastIndex === 9, 'a snapshot is the end of a log that has nothing after it')
  },

  // A single damaged database made every tab of the browser fail to open.
  async 'a node whose records are damaged is named, and hides no other; it can be removed'(device) {
    const shelf = device.tab()('room')
    for (const nodeId of ['a', 'b', 'c']) await (await shelf.create({ nodeId, clusterId: CLUSTER })).close()
    await device.damage('room', 'b')
    const { nodes: sound, damaged } = await shelf.survey()
    expectEqual(
      [sound.map(({ nodeId }) => nodeId), damaged.map(({ nodeId }) => nodeId)],
      [['a', 'c'], ['b']],
      'both kinds',
    )
    expect(damaged[0]?.error.kind === 'Corrupt', 'it says why')
    await expectRefused(shelf.claim('b'), 'Corrupt')
    await expectRefused(shelf.create({ nodeId: 'b', clusterId: CLUSTER }), 'Exists')
    await (await shelf.create({ nodeId: 'd', clusterId: CLUSTER })).close()
    expect(await shelf.remove('b'), 'it is gone')
    expectEqual(await shelf.survey().then(({ damaged }) => damaged), [], 'and not named any more')
    expectEqual(
      (await identities(shelf)).map(({ nodeId }) => nodeId),
      ['a', 'c', 'd'],
      'the others are there',
    )
  },

  async 'a command of which a disk flipped a bit is never served: its node is refused, wherever in the log it is'(
    device,
  ) {
    const shelf = device.tab()('room')
    for (const [nodeId, index] of [
      ['first', 1],
      ['middle', 300],
      ['last', 600],
    ] as const) {
      const node = await shelf.create({ nodeId, clusterId: CLUSTER })
      await node.persist(unit({ entries: commands(1, 600, 1) }))
      await node.close()
      await device.flipBit('room', nodeId, index)
      await expectRefused(shelf.claim(nodeId), 'Corrupt')
      expect(await shelf.remove(nodeId), 'it can be removed')
    }
  },

  async 'a node is removed unless it is driven'(device) {
    const shelf = device.tab()('room')
    const a = await shelf.create({ nodeId: 'a', clusterId: CLUSTER })
    await a.persist(unit({ entries: commands(1, 1, 1) }))
    expect(!(await device.tab()('room').remove('a')), 'not while a tab drives it')
    await a.persist(unit({ entries: commands(2, 2, 1) }))
    await a.close()
    expect(await shelf.remove('a'), 'but then')
    expectEqual(await identities(shelf), [], 'it is gone')
    const { recovered } = await shelf.create({ nodeId: 'a', clusterId: undefined })
    expectEqual(recovered.state, emptyState, 'with all it had')
  },

  async 'rooms know nothing of each other'(device) {
    const a = await device.tab()('room-a').create({ nodeId: 'same', clusterId: CLUSTER })
    expectEqual(await identities(device.tab()('room')), [], 'a room whose name begins another does not see its nodes')
    const b = await device.tab()('room').create({ nodeId: 'same', clusterId: OTHER_CLUSTER })
    await a.persist(unit({ hardState: { currentTerm: 7, votedFor: undefined } }))
    await b.persist(unit({ hardState: { currentTerm: 2, votedFor: 'same' } }))
    await a.close()
    const again = await device.tab()('room-a').claim('same')
    expect(again?.recovered.state.currentTerm === 7, 'each has its own state')
    expectEqual(
      await identities(device.tab()('room')),
      [{ nodeId: 'same', clusterId: OTHER_CLUSTER }],
      'and its own list',
    )
  },

  async 'devices know nothing of each other'(device, subject) {
    await device.tab()('room').create({ nodeId: 'a', clusterId: undefined })
    expectEqual(await identities(subject.device().tab()('room')), [], 'another device is empty')
  },
}
