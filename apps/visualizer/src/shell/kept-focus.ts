/** A button that goes away with what it does takes the focus along, and whoever goes by keyboard would begin at the top of the page again. */
import { type RefObject, useEffect } from 'react'

/** Gives the focus to `heir` when whoever had it within `region` is gone, and nobody else has it. */
export function useKeptFocus(region: RefObject<HTMLElement | null>, heir: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current } = region
    if (current === null) return
    let last: EventTarget | null = null
    const remember = ({ target }: FocusEvent): void => {
      last = target
    }
    const look = new MutationObserver(() => {
      if (!(last instanceof Element) || last.isConnected || document.activeElement !== document.body) return
      heir.current?.focus({ preventScroll: true })
      // Behind a dialog that is still open it takes none; then it does when that closes.
      if (document.activeElement === heir.current) last = null
    })
    current.addEventListener('focusin', remember)
    look.observe(current, { childList: true, subtree: true, attributeFilter: ['open'] })
    return () => {
      current.removeEventListener('focusin', remember)
      look.disconnect()
    }
  }, [region, heir])
}
