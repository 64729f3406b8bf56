/** What an application may ask for, checked in its page before anything is made: what is wrong here is a mistake in a program, and no worker need say so. */
import { ClusterError, checkNumbers } from '@flotilla/cluster'
import { isServerAddress } from '@flotilla/webrtc-transport'
import type { NodeProgram, NodeSettings } from './program.ts'

/** @throws ClusterError `InvalidOptions` */
export function checkSettings(
  { nodes = 'perBrowser', signalingUrls = [], ...settings }: NodeSettings,
  { ways }: Pick<NodeProgram<never, never>, 'ways'>,
): void {
  refuseWhatThrows(() => checkNumbers(settings))
  if (nodes !== 'perBrowser' && nodes !== 'perTab')
    refuse(`nodes must be 'perBrowser' or 'perTab', not ${String(nodes)}`)
  if (!Array.isArray(signalingUrls)) refuse(`signalingUrls must be an array, not ${String(signalingUrls)}`)
  // Ways of the program's own may have addresses of another kind.
  const wrong = ways === undefined ? signalingUrls.findIndex(url => !isServerAddress(url)) : -1
  if (wrong >= 0) {
    refuse(`signalingUrls must be absolute addresses, as wss://host/signaling, not ${String(signalingUrls[wrong])}`)
  }
  checkIce(settings)
}

/** The browser knows what it takes. */
function checkIce({ iceServers, iceTransportPolicy = 'all' }: Pick<NodeSettings, 'iceServers' | 'iceTransportPolicy'>) {
  if (iceServers === undefined || typeof RTCPeerConnection === 'undefined') return
  refuseWhatThrows(() => new RTCPeerConnection({ iceServers: [...iceServers], iceTransportPolicy }).close())
}

function refuseWhatThrows(check: () => void): void {
  try {
    check()
  } catch (cause) {
    refuse(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new ClusterError('InvalidOptions', message, { cause })
}
