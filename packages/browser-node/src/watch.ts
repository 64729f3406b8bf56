/**
 * `@flotilla/browser-node/watch`: looks at the node of this browser that some tab of it drives, and through it at the whole room. A page
 * that watches is no member, holds no state and cannot change anything.
 */
import { type NodeStatus, type Said, type Seen, Watcher } from '@flotilla/client'
import { systemClock } from '@flotilla/cluster'
import { Onlooker } from './household/onlooker.ts'
import { broadcastChannel, webLocks } from './household/surroundings.ts'

export type { NodeStatus, Said, Seen, Telling } from '@flotilla/client'

export interface WatchOptions {
  /** The room's name on this disk (`BrowserNode.room`). */
  readonly room: string
  /** A part of a node's trace: JSON of a `Telling` in UTF-8, unchecked. Another node may tell anything. */
  readonly seen: (seen: Seen) => void
  readonly status: (status: NodeStatus) => void
  /** What clients say to each other (`Client.say`). */
  readonly said?: (said: Said) => void
  /** Whether a tab of this browser has the room open, as soon as that is known and whenever it changes. */
  readonly open: (isOpen: boolean) => void
}

/** Until the way to stop that this gives is gone. */
export function watchRoom({ room, seen, status, said = () => undefined, open }: WatchOptions): () => void {
  const watcher = new Watcher({ seen, status, said })
  const onlooker = new Onlooker({
    room,
    name: crypto.randomUUID(),
    locks: webLocks,
    channel: broadcastChannel,
    clock: systemClock(),
    random: Math.random,
    found: port => {
      open(port !== undefined)
      if (port === undefined) watcher.close()
      else watcher.attach(port)
    },
  })
  return () => {
    onlooker.close()
    watcher.close()
  }
}
