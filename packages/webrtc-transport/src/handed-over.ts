/**
 * What a page and its worker say about connections. Only pages can make them, and only a worker is held up by nothing that a
 * page does: the page makes them as it is asked to, and hands over the channel, which it has no part in from then on.
 *
 * Both ends are of one program, and nothing that came from a peer is in here but what WebRTC itself has checked.
 */
import type { ObstacleKind } from '@flotilla/cluster'
import type { Fingerprints } from './handshake.ts'
import type { Negotiation } from './signal.ts'
import type { Broadcast } from './signaling.ts'
import type { Ice } from './simple-peer-connection.ts'

/** From the worker. `id` names a connection, and is never used again. */
export type Asked =
  | { readonly kind: 'connect'; readonly id: number; readonly initiator: boolean; readonly ice: Ice }
  /** What the other side had for us. */
  | { readonly kind: 'negotiate'; readonly id: number; readonly negotiation: Negotiation }
  | { readonly kind: 'destroy'; readonly id: number }
  /** What the page is to say when it closes, in place of what it had for this transport before. */
  | { readonly kind: 'lastWords'; readonly transport: string; readonly broadcasts: readonly Broadcast[] }

/** From the page. */
export type Told =
  | { readonly kind: 'channel'; readonly id: number; readonly channel: RTCDataChannel }
  /** For the other side. */
  | { readonly kind: 'negotiation'; readonly id: number; readonly negotiation: Negotiation }
  /** Of the certificates at both ends, once each side has shown its own; `undefined` where they cannot be told. */
  | { readonly kind: 'fingerprints'; readonly id: number; readonly fingerprints: Fingerprints | undefined }
  | { readonly kind: 'obstacle'; readonly id: number; readonly obstacle: ObstacleKind | undefined }
  /** The page at the other end closes. */
  | { readonly kind: 'bye'; readonly id: number }
  | { readonly kind: 'closed'; readonly id: number }

/** What is used of a MessagePort. */
export interface HandOver {
  postMessage(message: Asked | Told, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent) => void) | null
  close(): void
}
