/**
 * What an application opens: a node that runs off its page, its page's client of it with a copy of the state, and the outbox.
 */
import { type StateMachine, systemClock } from '@flotilla/cluster'
import { type BrowserNode, type OpenNodeOptions, openNodeIn } from './browser-node.ts'
import { outboxOnDisk } from './outbox-on-disk.ts'
import { hearPage } from './page-life.ts'
import { placeFor } from './place.ts'
import { roomOnDisk } from './room-on-disk.ts'

/**
 * Resolves when the page's client has a node to speak to, here or in another tab. Rejects with a ClusterError where there can be none;
 * then nothing is left open.
 */
export async function openNode<Command, Result, Machine extends StateMachine<Command, Result>>(
  options: OpenNodeOptions<Command, Result, Machine>,
): Promise<BrowserNode<Command, Result, Machine>> {
  const room = await roomOnDisk(options)
  return openNodeIn(options, room, {
    clock: systemClock(),
    place: failed => placeFor(options.program, options.worker, failed),
    hear: hearPage,
    outbox: outboxOnDisk(room),
  })
}
