/** A modal dialog of the browser's own: it holds the focus, closes on Escape, and gives the focus back. */
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { doors } from '../words/doors.ts'
import './dialog.css'

interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly children: ReactNode
  onClose(): void
}

export function Dialog({ title, open, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  // Before whoever opened it can press another key: it gives the focus back to where it was then.
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it already; this is the click beside it
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={heading}
      onClose={onClose}
      onClick={event => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="dialog-sheet">
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" className="button quiet" onClick={onClose}>
            {doors().close}
          </button>
        </header>
        {open && children}
      </div>
    </dialog>
  )
}
