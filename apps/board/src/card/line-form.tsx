/** One line to write, and a button that sends it. */
import { useState } from 'react'

interface LineFormProps {
  /** What it is, for whoever does not see it. */
  readonly label: string
  readonly placeholder: string
  readonly button: string
  /** Characters. */
  readonly most: number
  /** Told of what is written and not sent, empty once it is. */
  readonly onText?: (text: string) => void
  /** Told without what surrounds the words; never of an empty line. */
  readonly onSend: (text: string) => void
}

export function LineForm({ label, placeholder, button, most, onText, onSend }: LineFormProps) {
  const [text, setText] = useState('')
  const write = (words: string): void => {
    setText(words)
    onText?.(words)
  }
  return (
    <form
      className="row"
      onSubmit={event => {
        event.preventDefault()
        const words = text.trim()
        if (words === '') return
        onSend(words)
        write('')
      }}
    >
      <input
        className="field"
        dir="auto"
        aria-label={label}
        placeholder={placeholder}
        maxLength={most}
        value={text}
        onChange={event => write(event.target.value)}
      />
      <button type="submit" className="button">
        {button}
      </button>
    </form>
  )
}
