/** Changes of a page that closed before anybody could be reached. */
import {
  Client,
  FollowedMachine,
  type MemoryOutbox,
  memoryOutbox,
  messagePort,
  openOutbox,
  serve,
} from '@flotilla/client'
import { createCluster, memoryDevice, memoryNetwork } from '@flotilla/cluster'
import { expect, it } from 'vitest'
import type { StateCommand } from './command.ts'
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

async function pageOn(disk: MemoryOutbox) {
  const machines = new ReplicatedMachines([words])
  const client = new Client({ machine: machines })
  const store = disk.tab()
  const outbox = await openOutbox({ client, machine: machines, store })
  const close = (): void => {
    store.crash()
    client.close()
    void outbox.close()
  }
  return { client, outbox, close, shared: stateOf({ client, machine: machines, outbox }).machine(words) }
}

/** A cluster of one node, on which a page goes on. */
async function served({ client }: { readonly client: Client<StateCommand, unknown> }) {
  const followed = new FollowedMachine(new ReplicatedMachines([words]))
  const cluster = await createCluster({
    room: 'words',
    storage: memoryDevice().storage,
    transport: memoryNetwork().transport,
    machine: followed,
  })
  const { port1, port2 } = new MessageChannel()
  serve(cluster, followed, messagePort(port2))
  client.attach(messagePort(port1))
  return cluster
}

it('a change that a page saved while it was alone is shown by the next page, and is in the log once', async () => {
  const disk = memoryOutbox()
  const before = await pageOn(disk)
  const change = before.shared.mutate.add('typed offline')
  await change.saved
  expect(change.progress).toBe('saved')
  before.close()

  const after = await pageOn(disk)
  expect(after.shared.current()).toEqual(['typed offline'])
  const next = after.shared.mutate.add('and then')
  const cluster = await served(after)
  await next.applied
  expect(after.shared.committed()).toEqual(['typed offline', 'and then'])
  after.close()
  await cluster.close()
})

it('changes of several pages that are gone are shown in the order in which they will be in the log, before those of this page', async () => {
  const disk = memoryOutbox()
  const pages = [await pageOn(disk), await pageOn(disk), await pageOn(disk)]
  for (const [i, { shared }] of pages.entries()) await shared.mutate.add(`of page ${i}`).saved
  for (const { close } of pages) close()

  const after = await pageOn(disk)
  const last = after.shared.mutate.add('of this page')
  await last.saved
  await expect.poll(() => after.shared.current().length).toBe(4)
  const order = ['of page 0', 'of page 1', 'of page 2', 'of this page']
  expect(after.shared.current()).toEqual(order)
  const cluster = await served(after)
  await last.applied
  expect(after.shared.committed()).toEqual(order)
  after.close()
  await cluster.close()
})
