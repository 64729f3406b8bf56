/** A key and a value, and why they cannot be written where they cannot. */
import { type FormEvent, useId, useState } from 'react'
import { refusalOf } from '../machine/invalid-write.ts'
import { useActions } from '../store/live-context.ts'
import { live } from '../words/live.ts'

export function WriteForm({ ready }: { readonly ready: boolean }) {
  const actions = useActions()
  const [typed, setKey] = useState('x')
  const [value, setValue] = useState('1')
  const note = useId()
  // Spaces around a key come from copying; two keys that differ in nothing else could not be told apart.
  const key = typed.trim()
  const refusal = refusalOf(key, value)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (refusal || !ready) return
    setKey(key)
    actions.write(key, value)
    // The next value suggests itself, so that a lesson needs one key: Enter.
    if (/^\d{1,15}$/.test(value)) setValue(String(Number(value) + 1))
  }
  const spoilt = refusal?.problem
  const words = live().values
  return (
    <>
      <form className="kv-form" onSubmit={submit}>
        <label className="kv-key">
          <span className="visually-hidden">{words.keyLabel}</span>
          <input
            className="field"
            name="key"
            placeholder={words.key}
            autoComplete="off"
            dir="auto"
            value={typed}
            aria-describedby={note}
            aria-invalid={spoilt === 'emptyKey' || spoilt === 'keyTooLong'}
            onChange={event => setKey(event.target.value)}
          />
        </label>
        <span aria-hidden="true">←</span>
        <label>
          <span className="visually-hidden">{words.valueLabel}</span>
          <input
            className="field"
            id="write-value"
            name="value"
            placeholder={words.value}
            autoComplete="off"
            dir="auto"
            value={value}
            aria-describedby={note}
            aria-invalid={spoilt === 'valueTooLong'}
            onChange={event => setValue(event.target.value)}
          />
        </label>
        <button type="submit" className="button primary" disabled={!ready || refusal !== undefined}>
          {words.write}
        </button>
      </form>
      <p id={note} className="kv-note" aria-live="polite">
        {refusal?.message}
      </p>
    </>
  )
}
