/** What is left of a card that somebody removed while it was open: what was written here. */
import { type Ref, useEffect, useId, useRef } from 'react'
import { Dialog } from '../shell/dialog.tsx'

/** What was written into each field since the dialog was opened, by the field's label; sent or not. */
export type Written = Map<string, string>

interface GoneCardProps {
  readonly written: Written
  readonly onClose: () => void
}

export function GoneCard({ written, onClose }: GoneCardProps) {
  const texts = [...written].filter(([, text]) => text.trim() !== '')
  const first = useRef<HTMLTextAreaElement>(null)
  // The field that had the focus is gone with the card.
  useEffect(() => first.current?.focus(), [])
  return (
    <Dialog title="This card is gone" onClose={onClose}>
      <p role="alert">
        Somebody removed it. What it held is in the activity, and can be undone by whoever did it.
        {texts.length > 0 && ' What you wrote here is below: copy it if you want to keep it.'}
      </p>
      {texts.map(([label, text], i) => (
        <Kept key={label} label={label} text={text} field={i === 0 ? first : undefined} />
      ))}
    </Dialog>
  )
}

interface KeptProps {
  readonly label: string
  readonly text: string
  readonly field: Ref<HTMLTextAreaElement> | undefined
}

function Kept({ label, text, field }: KeptProps) {
  const id = useId()
  return (
    <div className="text">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        ref={field}
        className="field"
        dir="auto"
        rows={Math.min(12, Math.max(2, text.split('\n').length, Math.ceil(text.length / 60)))}
        readOnly
        value={text}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
    </div>
  )
}
