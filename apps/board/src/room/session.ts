/** One room, open in this page: the board, who is there, and the way of this page's changes. */
import { openNode } from '@flotilla/browser-node'
import { type SharedMachine, type SharedState, stateOf } from '@flotilla/state'
import { boardMachine } from '../machine/board.ts'
import { myName } from '../people/my-name.ts'
import { program } from './program.ts'
import { type Host, hashOf, ROOM_PREFIX, type RoomLink, watchAddress } from './room-link.ts'

type Definition = typeof boardMachine

export interface Session {
  readonly link: RoomLink
  /** Where Live shows the nodes of this very room. */
  readonly watchAddress: string
  readonly state: SharedState
  readonly board: SharedMachine<Definition['initial'], Definition['mutations']>
}

/** Rejects with a ClusterError whose message says what is in the way. */
export async function openSession(link: RoomLink, { signaling, iceServers }: Host): Promise<Session> {
  const node = await openNode({
    room: `${ROOM_PREFIX}${link.room}`.slice(0, 64),
    program,
    worker: () => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' }),
    ...(link.key === undefined ? {} : { secret: link.key }),
    ...(signaling === undefined ? {} : { signalingUrls: [signaling] }),
    iceServers,
    ...(link.joins && { founds: false }),
  })
  const state = stateOf(node, { by: myName })
  sayThatItIsThere(link, state)
  addEventListener('pagehide', () => state.presence.leave())
  return { link, watchAddress: watchAddress(node.room, link), state, board: state.machine(boardMachine) }
}

/** From the moment on at which this browser has the board, the page's address is for those who join it. */
function sayThatItIsThere(link: RoomLink, { status }: SharedState): void {
  const stop = status.subscribe(({ members }) => {
    if (link.key === undefined || members.length === 0) return
    queueMicrotask(() => stop())
    history.replaceState(history.state, '', hashOf({ ...link, joins: true }))
  })
}
