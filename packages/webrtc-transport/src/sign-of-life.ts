/**
 * A Web Lock that a node holds as long as its thread lives: the browser lets go of it in the moment in which that is gone, whatever it came to say.
 * So the other tabs of the browser, which wait for it, know of every tab that was closed in the middle of its goodbye, crashed, or lost
 * its worker. A tab that stands still keeps it: it is not gone.
 *
 * Only nodes ask for locks here that are linked to each other, and what a peer says of itself changes nothing but how it is missed
 * itself: the lock bears its id, so no peer's word makes another one's lock stand for it.
 */
import type { NodeId } from '@flotilla/core'

/** What is used of a browser's LockManager. */
export interface Locks {
  request<T>(name: string, options: LockOptions, callback: (lock: Lock | null) => T | PromiseLike<T>): Promise<T>
}

export interface SignsOfLife {
  /** Held until what this gives is called. */
  give(node: NodeId, session: string): () => void
  /** Calls once when that session is over, if it is one of this browser; of others nothing is known. Until what this gives is called. */
  whenOver(node: NodeId, session: string, over: () => void): () => void
}

/** `undefined` in insecure contexts and in most of Node: there are no locks, and no other tabs to hear of them. */
export function signsOfLife(): SignsOfLife | undefined {
  const { navigator } = globalThis
  return navigator !== undefined && 'locks' in navigator ? signsByLocks(navigator.locks) : undefined
}

export function signsByLocks(locks: Locks): SignsOfLife {
  return {
    give(node, session) {
      const end = new AbortController()
      const ended = new Promise<void>(resolve => end.signal.addEventListener('abort', () => resolve()))
      orNothing(locks.request(nameOf(node, session), { signal: end.signal }, () => ended))
      return () => end.abort()
    },
    whenOver(node, session, over) {
      const end = new AbortController()
      orNothing(awaitEnd(locks, nameOf(node, session), end.signal, over))
      return () => end.abort()
    },
  }
}

/** Shared: all who wait have it at once, and whoever looks is in nobody's way. */
async function awaitEnd(locks: Locks, name: string, signal: AbortSignal, over: () => void): Promise<void> {
  const isHeld = await locks.request(name, { mode: 'shared', ifAvailable: true }, lock => lock === null)
  // Nobody of this browser holds it.
  if (!isHeld || signal.aborted) return
  await locks.request(name, { mode: 'shared', signal }, () => {
    if (!signal.aborted) over()
  })
}

const nameOf = (node: NodeId, session: string): string => `flotilla/alive/${JSON.stringify([node, session])}`

/** Without the lock there is no sign, and the peer is missed as one of another browser is. An aborted request is refused, too. */
function orNothing(request: Promise<unknown>): void {
  request.catch(() => undefined)
}
