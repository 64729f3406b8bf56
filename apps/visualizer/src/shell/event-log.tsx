/** The last events in words, newest first. It can be held still to be read. */
import { useState } from 'react'
import { useLive } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { termStyle } from '../style/term-colour.ts'
import { live } from '../words/live.ts'
import { RecordButton } from './record-button.tsx'
import './event-log.css'

const SHOWN = 60

export function EventLog() {
  const told = useLive(state => state.narration.told)
  const [held, setHeld] = useState<typeof told>()
  const light = useUi(state => state.light)
  const shown = (held ?? told).slice(0, SHOWN)
  const missed = held === undefined ? 0 : (told[0]?.id ?? 0) - (held[0]?.id ?? 0)
  const words = live().events
  return (
    <section className="card events" aria-label={words.title}>
      <div className="card-head">
        <h2>{words.title}</h2>
        <span className="hint">{missed > 0 ? words.since(missed) : ''}</span>
        <RecordButton />
        <button
          type="button"
          className="button quiet small"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held === undefined ? told : undefined)}
        >
          {held === undefined ? words.hold : words.goOn}
        </button>
      </div>
      {shown.length === 0 ? (
        <p className="empty">{words.none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="event-scroll" tabIndex={0} aria-label={words.list}>
          <ol className="event-list">
            {shown.map(({ id, term, text, detail, node, times }) => (
              <li key={id} title={detail} onPointerEnter={() => light(node)} onPointerLeave={() => light(undefined)}>
                <span className="term-chip" style={termStyle(term)}>
                  <span className="visually-hidden">{words.term} </span>
                  {term}
                </span>
                <span>
                  {text}
                  {times > 1 && <span className="event-times">{words.times(times)}</span>}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </section>
  )
}
