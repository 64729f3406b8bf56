/** How many pixels a rem is now: the page's type grows with the window. */
import { useSyncExternalStore } from 'react'

export function useRem(): number {
  return useSyncExternalStore(subscribe, remNow)
}

function subscribe(onChange: () => void): () => void {
  addEventListener('resize', onChange)
  return () => removeEventListener('resize', onChange)
}

function remNow(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
}
