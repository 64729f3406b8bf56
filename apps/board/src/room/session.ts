/** One room, open in this page: the board, who is there, and the way of this page's changes. */
import { openNode } from '@flotilla/browser-node'
import type { WaitingFor } from '@flotilla/cluster'
import { type SharedMachine, type SharedState, stateOf } from '@flotilla/state'
import { boardMachine } from '../machine/board.ts'
import { myName } from '../people/my-name.ts'
import { Forgetting, type Forgotten } from './forgetting.ts'
import { program } from './program.ts'
import { type Host, hashOf, type RoomLink, roomOf, watchAddress } from './room-link.ts'

type Definition = typeof boardMachine

export interface Session {
  readonly link: RoomLink
  /** Where Live shows the nodes of this very room. */
  readonly watchAddress: string
  readonly state: SharedState
  readonly board: SharedMachine<Definition['initial'], Definition['mutations']>
  /** Who is missing, while a majority is and nobody leads. */
  lostMajority(): WaitingFor | undefined
  /** The board goes on with this browser alone, by what it has. Rejects with a ClusterError that says why it was not done. */
  goOnWithout(missing: readonly string[]): Promise<void>
  /** Deletes this browser's node of the board, to join by the link as a new one; see `Forgetting`. */
  forgetNode(): Promise<Forgotten>
}

/** Rejects with a ClusterError whose message says what is in the way. */
export async function openSession(link: RoomLink, { signaling, iceServers }: Host): Promise<Session> {
  const node = await openNode({
    room: roomOf(link),
    program,
    worker: () => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' }),
    ...(link.key === undefined ? {} : { secret: link.key }),
    ...(signaling === undefined ? {} : { signalingUrls: [signaling] }),
    iceServers,
    ...(link.joins && { founds: false }),
  })
  const state = stateOf(node, { by: myName })
  sayThatItIsThere(link, state)
  const { client, room } = node
  const forgetting = new Forgetting({ room, close: () => node.close() })
  return {
    link,
    watchAddress: watchAddress(room, link),
    state,
    board: state.machine(boardMachine),
    lostMajority: () => {
      const waitingFor = client.status()?.waitingFor
      return waitingFor !== undefined && waitingFor.needed > 0 ? waitingFor : undefined
    },
    goOnWithout: abandon => client.forceNewCluster({ abandon }),
    forgetNode: () => forgetting.forget(),
  }
}

/** From the moment on at which this browser has the board, the page's address is for those who join it. */
function sayThatItIsThere(link: RoomLink, { status }: SharedState): void {
  const stop = status.subscribe(({ members }) => {
    if (link.key === undefined || members.length === 0) return
    queueMicrotask(() => stop())
    history.replaceState(history.state, '', hashOf({ ...link, joins: true }))
  })
}
