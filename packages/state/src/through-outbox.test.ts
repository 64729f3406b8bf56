/** Changes of a page that closed before anybody could be reached. */
import { Client, FollowedMachine, memoryOutbox, messagePort, openOutbox, serve } from '@flotilla/client'
import { createCluster, memoryDevice, memoryNetwork } from '@flotilla/cluster'
import { expect, it } from 'vitest'
import { defineMachine } from './definition.ts'
import { ReplicatedMachines } from './replicated-machines.ts'
import { stateOf } from './state-of.ts'

const words = defineMachine({
  name: 'words',
  version: 1,
  initial: [] as readonly string[],
  mutations: {
    add: (draft, word: string) => {
      draft.push(word)
    },
  },
})

it('a change that a page saved while it was alone is shown by the next page, and is in the log once', async () => {
  const disk = memoryOutbox()
  const page = async () => {
    const machines = new ReplicatedMachines([words])
    const client = new Client({ machine: machines })
    const store = disk.tab()
    const outbox = await openOutbox({ client, machine: machines, store })
    return { client, outbox, store, shared: stateOf({ client, machine: machines, outbox }).machine(words) }
  }

  const before = await page()
  const change = before.shared.mutate.add('typed offline')
  await change.saved
  expect(change.progress).toBe('saved')
  before.store.crash()
  before.client.close()
  before.outbox.close()

  const after = await page()
  expect(after.shared.current()).toEqual(['typed offline'])
  const next = after.shared.mutate.add('and then')
  const followed = new FollowedMachine(new ReplicatedMachines([words]))
  const cluster = await createCluster({
    room: 'words',
    storage: memoryDevice().storage,
    transport: memoryNetwork().transport,
    machine: followed,
  })
  const { port1, port2 } = new MessageChannel()
  serve(cluster, followed, messagePort(port2))
  after.client.attach(messagePort(port1))
  await next.applied
  expect(after.shared.committed()).toEqual(['typed offline', 'and then'])

  after.outbox.close()
  after.client.close()
  await cluster.close()
})
