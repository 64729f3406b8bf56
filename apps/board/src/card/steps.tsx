/** The steps of a card. */
import { useReplicated } from '@flotilla/react'
import { boardMachine, MAX_TITLE, type Step } from '../machine/board.ts'
import type { Written } from './gone-card.tsx'
import { LineForm } from './line-form.tsx'

interface StepsProps {
  readonly id: string
  readonly steps: readonly Step[]
  readonly written: Written
}

export function Steps({ id, steps, written }: StepsProps) {
  const [, mutate] = useReplicated(boardMachine, () => undefined)
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
                  onChange={event => mutate.tickStep({ card: id, step: step.id, done: event.target.checked })}
                />
                <span dir="auto">{step.text}</span>
              </label>
              <button
                type="button"
                className="button quiet small"
                aria-label={`Remove the step ${step.text}`}
                onClick={() => mutate.removeStep({ card: id, step: step.id })}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <LineForm
        label="New step"
        placeholder="One more step"
        button="Add"
        most={MAX_TITLE}
        onText={text => written.set('New step', text)}
        onSend={text => mutate.addStep({ card: id, text })}
      />
    </section>
  )
}
