/**
 * What the page's own life means for the node in it. A tab that closes gets a few milliseconds: enough to hand leadership
 * over and to say goodbye, so that nobody waits for its silence. A page that was frozen, or comes back from the
 * back/forward cache, must not go on as if no time had passed. A page that nobody sees is slowed down, and better not in charge.
 */
import type { Cluster } from '../api.ts'

/** What of `window` and `document` is listened to. */
export interface PageEvents {
  readonly window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  readonly document: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
}

/** Gives the way to stop listening. */
export function sayGoodbyeOnPageHide(
  cluster: Pick<Cluster<unknown, unknown>, 'goodbye' | 'resume'>,
  page: PageEvents = globalThis,
): () => void {
  const onHide = (): void => cluster.goodbye()
  const onShow = (event: Event): void => {
    // `persisted`: the page was kept whole, and time has stood still in it.
    if ('persisted' in event && event.persisted === true) cluster.resume()
  }
  const onResume = (): void => cluster.resume()

  page.window.addEventListener('pagehide', onHide)
  page.window.addEventListener('pageshow', onShow)
  page.document.addEventListener('resume', onResume)
  return () => {
    page.window.removeEventListener('pagehide', onHide)
    page.window.removeEventListener('pageshow', onShow)
    page.document.removeEventListener('resume', onResume)
  }
}

/** What of `document` is listened to, and asked. */
export type VisibilityEvents = PageEvents['document'] & Pick<Document, 'visibilityState'>

/** While the page is hidden, its node hands leadership over to one that can be seen. Gives the way to stop listening. */
export function yieldWhenHidden(
  cluster: Pick<Cluster<unknown, unknown>, 'setVisible'>,
  document: VisibilityEvents = globalThis.document,
): () => void {
  const tell = (): void => cluster.setVisible(document.visibilityState === 'visible')
  tell()
  document.addEventListener('visibilitychange', tell)
  return () => document.removeEventListener('visibilitychange', tell)
}
