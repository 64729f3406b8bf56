/** What is being typed is sent before it can be lost, and yet not with every key. */
import { useEffect, useEffectEvent } from 'react'

/** Long enough to think of the next word. */
export const PAUSE_MS = 2_000

/**
 * Sends some moment after `draft` was last another, and when the page is hidden or goes away: nobody may come back to it.
 *
 * @param draft `undefined`: there is nothing to send
 * @param send told whether the page stays, and the writing only stops
 */
export function useSentLater(draft: unknown, send: (isPause: boolean) => void): void {
  const due = useEffectEvent(send)
  useEffect(() => {
    if (draft === undefined) return
    const leave = (): void => due(false)
    const hide = (): void => {
      if (document.visibilityState === 'hidden') due(false)
    }
    const timer = setTimeout(() => due(true), PAUSE_MS)
    addEventListener('pagehide', leave)
    document.addEventListener('visibilitychange', hide)
    return () => {
      clearTimeout(timer)
      removeEventListener('pagehide', leave)
      document.removeEventListener('visibilitychange', hide)
    }
  }, [draft])
}
