/** What the log is for: write a value, watch its fate, read it back, and see what this node has applied. */
import { type FormEvent, useState } from 'react'
import { useActions, useLive } from '../store/live-context.ts'
import type { Consistency, Read } from '../store/live-store.ts'
import { live } from '../words/live.ts'
import { WriteForm } from './write-form.tsx'
import { Writes } from './writes.tsx'
import './key-value.css'

export function KeyValuePanel() {
  const phase = useLive(state => state.phase)
  const ready = phase === 'running' || phase === 'joining'
  return (
    <section className="card key-value" aria-label={live().values.title}>
      <div className="card-head">
        <h2>{live().values.title}</h2>
        <span className="hint">{live().values.hint}</span>
      </div>
      <div className="key-value-body">
        <WriteForm ready={ready} />
        <Writes />
        <ReadForm ready={ready} />
        <Values />
      </div>
    </section>
  )
}

function ReadForm({ ready }: { readonly ready: boolean }) {
  const actions = useActions()
  const read = useLive(state => state.read)
  const [key, setKey] = useState('x')
  const [consistency, setConsistency] = useState<Consistency>('linearizable')
  const words = live().values
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && key !== '') actions.read(key, consistency)
  }
  return (
    <>
      <form className="kv-form" onSubmit={submit}>
        <label className="kv-key">
          <span className="visually-hidden">{words.keyToRead}</span>
          <input
            className="field"
            name="read-key"
            placeholder={words.key}
            autoComplete="off"
            dir="auto"
            value={key}
            onChange={event => setKey(event.target.value)}
          />
        </label>
        <label className="kv-freshness">
          <span className="visually-hidden">{words.freshness}</span>
          <select
            className="field"
            value={consistency}
            onChange={event => setConsistency(event.target.value === 'local' ? 'local' : 'linearizable')}
          >
            <option value="linearizable">{words.linearizable}</option>
            <option value="local">{words.local}</option>
          </select>
        </label>
        <button type="submit" className="button" disabled={!ready || key === ''}>
          {words.read}
        </button>
      </form>
      <p className="kv-answer" aria-live="polite">
        {read ? <Answer read={read} /> : words.readHint}
      </p>
    </>
  )
}

function Answer({ read }: { readonly read: Read }) {
  const words = live().values
  switch (read.kind) {
    case 'asking':
      return (
        <>
          {words.reading} <bdi>{read.key}</bdi> …
        </>
      )
    case 'answered':
      return (
        <>
          <strong>
            <bdi>{read.key}</bdi> = {read.value === undefined ? words.nothing : <bdi>{read.value}</bdi>}
          </strong>{' '}
          {read.consistency === 'local' ? words.asApplied : words.asOfNow}
        </>
      )
    case 'failed':
      return (
        <>
          <strong>✗ {read.problem.title}</strong> {read.problem.advice}
        </>
      )
    default:
      return read satisfies never
  }
}

function Values() {
  const values = useLive(state => state.values)
  const count = useLive(state => state.valueCount)
  const words = live().values
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="kv-values" tabIndex={0} aria-label={words.applied}>
      {values.length === 0 ? (
        <p className="kv-hint">{words.none}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{words.key}</th>
              <th scope="col">{words.valueColumn}</th>
            </tr>
          </thead>
          <tbody>
            {values.map(([key, value]) => (
              <tr key={key}>
                <th scope="row">
                  <bdi>{key}</bdi>
                </th>
                <td>
                  <bdi>{value}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {count > values.length && <p className="kv-hint">{words.moreKeys(count - values.length)}</p>}
    </section>
  )
}
