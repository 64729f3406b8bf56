/** What a page and the worker of its node say to each other. Both are one program, of one version, and nobody else is in between. */
import type { PageEvent } from '@flotilla/browser-node/off-the-page'
import type { NodeId } from '@flotilla/core'
import type { Consistency } from '../../store/live-store.ts'
import type { Change, LiveRoom, NodeControls, Told, Written } from './live-node.ts'
import type { ToldFailure } from './told-failure.ts'

export type ToNode =
  /** First. `connections`: the page makes them, for whoever cannot. */
  | { readonly kind: 'open'; readonly room: LiveRoom; readonly connections: MessagePort }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'observe'; readonly payload: Uint8Array; readonly to: NodeId | undefined }
  | { readonly kind: 'controls'; readonly controls: NodeControls }
  | { readonly kind: 'crash' }
  /** The page hears this of itself; in a worker nobody else says so. */
  | { readonly kind: 'page'; readonly event: PageEvent }
  /** The page has read what it was told last, and is ready for more. */
  | { readonly kind: 'read' }
  | { readonly kind: 'alive?' }

export type Question =
  | { readonly kind: 'set'; readonly key: string; readonly value: string; readonly timeoutMs: number }
  | { readonly kind: 'get'; readonly key: string; readonly consistency: Consistency; readonly timeoutMs: number }
  | Change

export type FromNode =
  /** First: the worker has its code. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'failed'; readonly failure: ToldFailure }
  /** Comes before every answer to what happened after it. */
  | { readonly kind: 'told'; readonly told: readonly Told[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'alive' }

export type Answer =
  | { readonly kind: 'written'; readonly written: Written }
  | { readonly kind: 'value'; readonly value: string | undefined }
  | { readonly kind: 'changed' }
  | { readonly kind: 'refused'; readonly failure: ToldFailure }

/** What is used of a MessagePort, or of a worker at either end. */
export interface MessagesEnd<Out> {
  postMessage(message: Out, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent) => void) | null
}
