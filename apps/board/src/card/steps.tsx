/** The steps of a card. */
import { useReplicated } from '@flotilla/react'
import { useState } from 'react'
import { boardMachine, MAX_TITLE, type Step } from '../machine/board.ts'
import { watched } from '../room/changing.ts'

export function Steps({ id, steps }: { readonly id: string; readonly steps: readonly Step[] }) {
  const [, mutate] = useReplicated(boardMachine, () => undefined)
  const [text, setText] = useState('')
  return (
    <section className="part">
      <h3>Steps</h3>
      {steps.length > 0 && (
        <ul className="steps">
          {steps.map(step => (
            <li key={step.id}>
              <label>
                <input
                  type="checkbox"
                  checked={step.done}
                  onChange={event => watched(mutate.tickStep({ card: id, step: step.id, done: event.target.checked }))}
                />
                <span dir="auto">{step.text}</span>
              </label>
              <button
                type="button"
                className="button quiet small"
                aria-label={`Remove the step ${step.text}`}
                onClick={() => watched(mutate.removeStep({ card: id, step: step.id }))}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="row"
        onSubmit={event => {
          event.preventDefault()
          if (text.trim() === '') return
          watched(mutate.addStep({ card: id, text }))
          setText('')
        }}
      >
        <input
          className="field"
          dir="auto"
          aria-label="New step"
          placeholder="One more step"
          maxLength={MAX_TITLE}
          value={text}
          onChange={event => setText(event.target.value)}
        />
        <button type="submit" className="button">
          Add
        </button>
      </form>
    </section>
  )
}
