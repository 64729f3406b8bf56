/** How many pixels a rem is now: the page's type grows with the window. */
import { useSyncExternalStore } from 'react'

export function useRem(): number {
  return useSyncExternalStore(subscribe, remNow)
}

/** Asked of the page once for each width of the window: every part that is rendered wants to know. */
let known: { readonly width: number; readonly height: number; readonly rem: number } | undefined

function subscribe(onChange: () => void): () => void {
  addEventListener('resize', onChange)
  return () => removeEventListener('resize', onChange)
}

function remNow(): number {
  if (known?.width !== innerWidth || known.height !== innerHeight) {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    known = { width: innerWidth, height: innerHeight, rem }
  }
  return known.rem
}
