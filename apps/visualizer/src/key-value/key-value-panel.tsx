/** What the log is for: write a value, watch its fate, read it back, and see what this node has applied. */
import { type FormEvent, useId, useState } from 'react'
import { MAX_KEY_LENGTH, MAX_VALUE_LENGTH, problemWith } from '../machine/key-value.ts'
import { useActions, useLive } from '../store/live-context.ts'
import type { Consistency, Read, Write } from '../store/live-store.ts'
import { termStyle } from '../style/term-colour.ts'
import './key-value.css'

export function KeyValuePanel() {
  const phase = useLive(state => state.phase)
  const ready = phase === 'running' || phase === 'joining'
  return (
    <section className="card key-value" aria-label="Values">
      <div className="card-head">
        <h2>Values</h2>
        <span className="hint">a map on top of the log</span>
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

function WriteForm({ ready }: { readonly ready: boolean }) {
  const actions = useActions()
  const [key, setKey] = useState('x')
  const [value, setValue] = useState('1')
  const note = useId()
  const problem = problemWith(key, value)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem || !ready) return
    actions.write(key, value)
    // The next value suggests itself, so that a lesson needs one key: Enter.
    if (/^\d{1,15}$/.test(value)) setValue(String(Number(value) + 1))
  }
  return (
    <form className="kv-form" onSubmit={submit}>
      <label className="kv-key">
        <span className="visually-hidden">Key</span>
        <input
          className="field"
          name="key"
          placeholder="key"
          autoComplete="off"
          value={key}
          maxLength={MAX_KEY_LENGTH}
          aria-describedby={problem ? note : undefined}
          aria-invalid={problem !== undefined}
          onChange={event => setKey(event.target.value)}
        />
      </label>
      <span aria-hidden="true">←</span>
      <label>
        <span className="visually-hidden">Value</span>
        <input
          className="field"
          id="write-value"
          name="value"
          placeholder="value"
          autoComplete="off"
          value={value}
          maxLength={MAX_VALUE_LENGTH}
          onChange={event => setValue(event.target.value)}
        />
      </label>
      <button type="submit" className="button primary" disabled={!ready || problem !== undefined}>
        Write
      </button>
      <span id={note} className="visually-hidden">
        {problem === 'emptyKey' ? 'A key is needed.' : problem ? 'This text cannot be written.' : ''}
      </span>
    </form>
  )
}

function Writes() {
  const writes = useLive(state => state.writes)
  return (
    <ol className="kv-writes" aria-label="Your writes, newest first">
      {writes.length === 0 && (
        <li className="kv-hint">Each write’s fate is told here: sending, committed, or why not.</li>
      )}
      {writes.map(write => (
        <WriteLine key={write.id} write={write} />
      ))}
    </ol>
  )
}

function WriteLine({ write: { key, value, fate } }: { readonly write: Write }) {
  return (
    <li className={`kv-write ${fate.kind}`}>
      <span className="kv-what">
        {key} ← {value}
      </span>
      {fate.kind === 'sending' && <span className="kv-fate">sending …</span>}
      {fate.kind === 'committed' && (
        <span className="kv-fate">
          ✓ committed at {fate.index}, term{' '}
          <span className="term-chip" style={termStyle(fate.term)}>
            {fate.term}
          </span>
        </span>
      )}
      {fate.kind === 'failed' && (
        <span className="kv-fate">
          <strong>✗ {fate.problem.title}</strong> {fate.problem.advice}
        </span>
      )}
    </li>
  )
}

function ReadForm({ ready }: { readonly ready: boolean }) {
  const actions = useActions()
  const read = useLive(state => state.read)
  const [key, setKey] = useState('x')
  const [consistency, setConsistency] = useState<Consistency>('linearizable')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && key !== '') actions.read(key, consistency)
  }
  return (
    <>
      <form className="kv-form" onSubmit={submit}>
        <label className="kv-key">
          <span className="visually-hidden">Key to read</span>
          <input
            className="field"
            name="read-key"
            placeholder="key"
            autoComplete="off"
            value={key}
            maxLength={MAX_KEY_LENGTH}
            onChange={event => setKey(event.target.value)}
          />
        </label>
        <label>
          <span className="visually-hidden">How fresh</span>
          <select
            className="field"
            value={consistency}
            onChange={event => setConsistency(event.target.value === 'local' ? 'local' : 'linearizable')}
          >
            <option value="linearizable">linearizable</option>
            <option value="local">local (may be stale)</option>
          </select>
        </label>
        <button type="submit" className="button" disabled={!ready || key === ''}>
          Read
        </button>
      </form>
      <p className="kv-answer" aria-live="polite">
        {read ? <Answer read={read} /> : 'Linearizable: asks a majority. Local: only this node.'}
      </p>
    </>
  )
}

function Answer({ read }: { readonly read: Read }) {
  switch (read.kind) {
    case 'asking':
      return <>Reading {read.key} …</>
    case 'answered':
      return (
        <>
          <strong>
            {read.key} = {read.value ?? 'nothing written'}
          </strong>{' '}
          {read.consistency === 'local' ? 'as applied here; may be stale' : 'as of now, by a majority'}
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
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="kv-values" tabIndex={0} aria-label="Values applied here">
      {values.length === 0 ? (
        <p className="kv-hint">Nothing is written yet. What this node has applied will stand here.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">key</th>
              <th scope="col">value, as applied here</th>
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
      {count > values.length && <p className="kv-hint">and {(count - values.length).toLocaleString('en')} more keys</p>}
    </section>
  )
}
