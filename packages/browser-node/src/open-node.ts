/**
 * What an application opens: a node that runs off its page, its page's client of it with a copy of the state, and the outbox.
 */
import { Client, type Outbox, openOutbox } from '@flotilla/client'
import { ClusterError, type StateMachine } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { HouseError } from './house.ts'
import { Keeper } from './keeper.ts'
import { outboxOnDisk } from './outbox-on-disk.ts'
import type { NodeProgram, NodeSettings } from './program.ts'
import { roomOnDisk } from './ways.ts'

export interface OpenNodeOptions<
  Command,
  Result,
  Machine extends StateMachine<Command, Result> = StateMachine<Command, Result>,
> extends NodeSettings {
  /** The same as the worker's. */
  readonly program: NodeProgram<Command, Result, Machine>
  /**
   * Starts the application's worker, which calls `serveNode`. In these very words, because bundlers look for them:
   * `() => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' })`. Without it the node runs in the page.
   */
  readonly worker?: () => Worker
  /** Take up this node of the browser, if it is free (`perTab`). */
  readonly preferredNode?: NodeId
  /** Tells of what goes wrong and is mended without anybody's doing. */
  readonly onTrouble?: (trouble: HouseError) => void
}

export interface BrowserNode<
  Command,
  Result,
  Machine extends StateMachine<Command, Result> = StateMachine<Command, Result>,
> {
  /** Commands that need not outlive the page, reads, status and control. */
  readonly client: Client<Command, Result>
  /** This page's copy: read it, in `client.read` or without waiting, and change nothing. */
  readonly machine: Machine
  /** Commands that are on this disk before they are sent, and are kept until they are through. */
  readonly outbox: Outbox<Command, Result>
  /** The room's name on this disk. */
  readonly room: string
  /** Where the node of this page would run, or does. */
  readonly place: 'worker' | 'page'
  /** The node that this very tab drives; `undefined` where another tab of the browser does. */
  readonly drives: NodeId | undefined
  /** Says goodbye, and lets another tab drive. What waits in the outbox is kept. */
  close(): Promise<void>
}

/**
 * Resolves when the page's client has a node to speak to, here or in another tab. Rejects with a ClusterError where there can be none;
 * then nothing is left open.
 */
export async function openNode<Command, Result, Machine extends StateMachine<Command, Result>>(
  options: OpenNodeOptions<Command, Result, Machine>,
): Promise<BrowserNode<Command, Result, Machine>> {
  const room = await roomOnDisk(options)
  const machine = options.program.machine()
  const client = new Client({ machine })
  const keeper = new Keeper(options, room, client)
  const opening = openOutbox({ client, machine, store: outboxOnDisk(room) }).catch((cause: unknown) => {
    throw new ClusterError('StorageFailed', 'the outbox cannot be opened', { cause })
  })
  try {
    await Promise.all([keeper.opened, opening])
  } catch (error) {
    client.close()
    opening.then(
      outbox => outbox.close(),
      () => {},
    )
    await keeper.close()
    throw error
  }
  const outbox = await opening
  return {
    client,
    machine,
    outbox,
    room,
    get place() {
      return keeper.place
    },
    get drives() {
      return keeper.drives
    },
    async close() {
      outbox.close()
      client.close()
      await keeper.close()
    },
  }
}
