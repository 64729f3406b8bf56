/** Keeps this page for a time without a network. Where that cannot be (no secure context, a certificate that nobody knows), it does without. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const keep = (): void => {
    navigator.serviceWorker.register('./sw.js').catch(() => undefined)
  }
  // After the page itself is there: what it keeps is more than what it needs now.
  if (document.readyState === 'complete') keep()
  else addEventListener('load', keep)
}
