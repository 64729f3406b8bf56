/** What a node needs of the browser. Where it is missing, that is what to say, whatever call fails of it first. */
import type { Problem } from '../store/live-store.ts'

export interface Browser {
  /** https, or localhost: elsewhere browsers keep locks and cryptography from a page. */
  readonly isSecure: boolean
  readonly hasLocks: boolean
  readonly hasDatabase: boolean
  readonly hasWebRtc: boolean
  readonly hasBroadcastChannel: boolean
}

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
  const say = (title: string, advice: string): Problem => ({ title, advice, remedy: 'reload' })
  if (!browser.isSecure && !browser.hasLocks)
    return say(
      'At this address no node can run here.',
      'Over plain http a browser keeps locks and cryptography from a page. Open it over https, or at localhost on its own machine.',
    )
  if (!browser.hasLocks)
    return say(
      'This browser has no Web Locks, and two tabs could become the same node.',
      'Update it, or open the room in a current Chrome, Edge, Firefox or Safari.',
    )
  if (!browser.hasDatabase)
    return say(
      'This browser has no IndexedDB, and a node must not forget.',
      'Leave private browsing, allow this site to store data, or open the room in another browser.',
    )
  if (!browser.hasWebRtc)
    return say(
      'No other tab can be reached: this browser has no WebRTC.',
      'It, or a setting or an extension of it, has switched WebRTC off. Allow it, then reload.',
    )
  if (!browser.hasBroadcastChannel)
    return say(
      'The room’s tabs cannot find each other: this browser has no BroadcastChannel.',
      'Update it, or open the room in a current Chrome, Edge, Firefox or Safari.',
    )
  return undefined
}
