/** How many pixels a rem is now: the page's type grows with the window. */
import { useSyncExternalStore } from 'react'

export function useRem(): number {
  return useSyncExternalStore(subscribe, remNow)
}

/** Asked of the page once for each size of the window and each way to show it: every part that is rendered wants to know. */
let known: { readonly of: string; readonly rem: number } | undefined

function subscribe(onChange: () => void): () => void {
  addEventListener('resize', onChange)
  return () => removeEventListener('resize', onChange)
}

function remNow(): number {
  const { documentElement } = document
  const of = `${innerWidth} ${innerHeight} ${documentElement.className}`
  if (known?.of !== of) known = { of, rem: Number.parseFloat(getComputedStyle(documentElement).fontSize) }
  return known.rem
}
