/** A page's part of a node, put together: the node's keeper, a client with a copy of the state, and the outbox, in whatever page. */
import { Client, type Outbox, type OutboxStore, openOutbox } from '@flotilla/client'
import { ClusterError, defaultAutopilot, type StateMachine } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import { checkSettings } from './check-settings.ts'
import type { HouseError } from './house.ts'
import { Keeper, type KeepersPage } from './keeper.ts'
import type { NodeProgram, NodeSettings } from './program.ts'
import type { NodeWatcher } from './watching/watcher.ts'

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
  /** For tests and teaching: `forTests()` of `@flotilla/playwright/app` gives one. */
  readonly watcher?: NodeWatcher
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
  /** Says goodbye, and lets another tab drive. What was submitted is on this disk when it resolves, unless the disk takes seconds for it. */
  close(): Promise<void>
}

/** A disk that takes longer holds nobody up who leaves. Milliseconds. */
const KEPT_WITHIN_MS = 2_000

/** What a page has around it. */
export interface NodesPage extends KeepersPage {
  readonly outbox: OutboxStore
}

/** As `openNode`, of a room by its name on disk, in a page that may be simulated. */
export async function openNodeIn<Command, Result, Machine extends StateMachine<Command, Result>>(
  options: OpenNodeOptions<Command, Result, Machine>,
  room: string,
  page: NodesPage,
): Promise<BrowserNode<Command, Result, Machine>> {
  checkSettings(options, options.program)
  const { clock } = page
  const machine = options.program.machine()
  const client = new Client({ machine, clock })
  const keeper = new Keeper(options, room, client, page)
  const opening = openOutbox({ client, machine, store: page.outbox, clock }).catch((cause: unknown) => {
    throw new ClusterError('StorageFailed', 'the outbox cannot be opened', { cause })
  })
  opening.catch(() => {})
  options.watcher?.watch({
    client,
    machine,
    room,
    maxVoters: options.autopilot?.maxVoters ?? defaultAutopilot.maxVoters,
    get drives() {
      return keeper.drives
    },
    outbox: opening,
    setFaults: faults => keeper.setFaults(faults),
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
      const kept = outbox.close()
      client.close()
      const late = new Promise<void>(resolve => clock.setTimer(clock.now() + KEPT_WITHIN_MS, resolve))
      await Promise.all([keeper.close(), Promise.race([kept, late])])
    },
  }
}
