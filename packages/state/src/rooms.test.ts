/** Shared state on real nodes: in the page, and through a client of a node elsewhere. */
import { Client, FollowedMachine, messagePort, serve } from '@flotilla/client'
import { createCluster, joinCluster, memoryDevice, memoryNetwork } from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import { defineMachine } from './definition.ts'
import { ReplicatedMachines } from './replicated-machines.ts'
import { nodeElsewhere, nodeHere } from './room-node.ts'
import { SharedState } from './shared-state.ts'

const words = defineMachine({
  name: 'words',
  version: 1,
  initial: [] as readonly string[],
  mutations: {
    add: (draft, word: string) => {
      if (word === 'bad') throw new RangeError('no such words')
      draft.push(word)
    },
  },
})

describe('shared state on real nodes', () => {
  it('is the same in a page with a node, in another, and in one that speaks to a node elsewhere', async () => {
    const network = memoryNetwork()
    const opened = []
    for (const open of [createCluster, joinCluster]) {
      const machines = new ReplicatedMachines([words])
      const followed = new FollowedMachine(machines)
      const cluster = await open({
        room: 'words',
        storage: memoryDevice().storage,
        transport: network.transport,
        machine: followed,
      })
      opened.push({ machines, followed, cluster })
    }
    const states = opened.map(({ machines, cluster }) => new SharedState({ machines, node: nodeHere(cluster) }))

    const machines = new ReplicatedMachines([words])
    const client = new Client({ machine: machines })
    states.push(new SharedState({ machines, node: nodeElsewhere(client) }))
    const [first] = opened
    if (first === undefined) throw new Error('nobody')
    const { port1, port2 } = new MessageChannel()
    serve(first.cluster, first.followed, messagePort(port2))
    client.attach(messagePort(port1))

    const shared = states.map(state => state.machine(words))
    const changes = shared.map((each, i) => each.mutate.add(`word ${i}`))
    await Promise.all(changes.map(change => change.applied))
    await expect.poll(() => shared.map(each => each.committed().length)).toEqual([3, 3, 3])
    for (const each of shared) expect(each.current()).toEqual(shared[0]?.current())
    expect(await shared[2]?.read(state => state.length)).toBe(3)

    await expect.poll(() => states.map(({ status }) => status.get().hasQuorum)).toEqual([true, true, true])
    expect(states[2]?.status.get()).toMatchObject({ leader: 'S1', pending: 0, unsaved: 0, missing: [], outdated: [] })

    client.close()
    for (const { cluster } of opened) await cluster.close()
  })
})
