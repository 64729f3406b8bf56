/** What becomes of a page, for a node that does not run in it. */
import type { PageEvent } from './house.ts'

/**
 * A page that closes is gone as soon as its listeners have returned, and its worker soon after. The worker gets this long to hand
 * over, which takes it a few; on a busy machine it may not come to it, however long the page waits, which takes a processor while
 * it does. That the tab closes the page says itself (`connectForWorker`).
 */
const GOODBYE_MS = 15

/** @param elsewhere whether the node runs in a thread of its own. Gives the way to stop listening. */
export function hearPage(tell: (event: PageEvent) => void, elsewhere: () => boolean): () => void {
  const visibility = (): void => tell(document.visibilityState === 'visible' ? 'visible' : 'hidden')
  const onHide = (): void => {
    tell('closes')
    if (elsewhere()) linger(GOODBYE_MS)
  }
  const onShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) tell('comes back')
  }
  const onThaw = (): void => tell('thawed')
  document.addEventListener('visibilitychange', visibility)
  document.addEventListener('resume', onThaw)
  globalThis.addEventListener('pagehide', onHide)
  globalThis.addEventListener('pageshow', onShow)
  return () => {
    document.removeEventListener('visibilitychange', visibility)
    document.removeEventListener('resume', onThaw)
    globalThis.removeEventListener('pagehide', onHide)
    globalThis.removeEventListener('pageshow', onShow)
  }
}

function linger(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

interface LivesThrough {
  goodbye(): void
  resume(): void
  setVisible?(isVisible: boolean): void
}

/** What a node does, in a thread that hears nothing of its page by itself, when it is told what becomes of that. */
export function liveThrough(
  event: PageEvent,
  node: LivesThrough | undefined,
  tellThread: (event: 'pagehide' | 'pageshow') => void,
): void {
  switch (event) {
    case 'hidden':
    case 'visible':
      return node?.setVisible?.(event === 'visible')
    case 'closes':
      node?.goodbye()
      return tellThread('pagehide')
    case 'comes back':
      tellThread('pageshow')
      return node?.resume()
    case 'thawed':
      return node?.resume()
    default:
      event satisfies never
  }
}

/** The transport listens to its page; in a worker this is the only one it has. */
export function tellThisThread(event: 'pagehide' | 'pageshow'): void {
  if (typeof document !== 'undefined') return
  globalThis.dispatchEvent?.(Object.assign(new Event(event), { persisted: true }))
}
