/** What a node needs of the browser. Where it is missing, that is what to say, whatever call fails of it first. */
import type { RoomName } from '../room/room-address.ts'
import type { Problem } from '../store/live-store.ts'
import { problems } from '../words/problems.ts'
import { say } from './say.ts'

export interface Browser {
  /** https, or localhost: elsewhere browsers keep locks and cryptography from a page. */
  readonly isSecure: boolean
  readonly hasLocks: boolean
  readonly hasDatabase: boolean
  readonly hasWebRtc: boolean
  readonly hasBroadcastChannel: boolean
}

/**
 * In a room that is shared between browsers a page that cannot be a node can still watch: without a disk that it could hold alone, and
 * so without a vote.
 */
export const isGuestIn = ({ key }: RoomName): boolean => key !== undefined && !isSecureContext

export function thisBrowser(): Browser {
  return {
    isSecure: isSecureContext,
    hasLocks: 'locks' in navigator && navigator.locks !== undefined,
    hasDatabase: 'indexedDB' in globalThis && globalThis.indexedDB !== null,
    hasWebRtc: typeof globalThis.RTCPeerConnection === 'function',
    hasBroadcastChannel: typeof globalThis.BroadcastChannel === 'function',
  }
}

/** The first thing that is missing, and what helps; `undefined` when nothing is. */
export function lackOf(browser: Browser): Problem | undefined {
  if (!browser.isSecure && !browser.hasLocks) return say(() => problems().lacks.secure)
  if (!browser.hasLocks) return say(() => problems().lacks.locks)
  if (!browser.hasDatabase) return say(() => problems().lacks.database)
  if (!browser.hasWebRtc) return say(() => problems().lacks.webRtc)
  if (!browser.hasBroadcastChannel) return say(() => problems().lacks.broadcastChannel)
  return undefined
}
