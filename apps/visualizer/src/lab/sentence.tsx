/** What has just happened, in one sentence, and for screen readers as it happens. */
import { useEffect, useRef, useState } from 'react'
import { lab } from '../words/lab.ts'
import { useLab, useLabSession } from './lab-context.ts'
import '../shell/say.css'

/** A listener is told the latest, at most this often. */
const SPOKEN_EVERY_MS = 900

export function Sentence() {
  const session = useLabSession()
  const step = useLab(state => state.step)
  // Another run may stand at an event of the same number.
  useLab(state => state.current)
  const told = session.history.sentence(step)
  const text = told?.sentence.text ?? ''
  return (
    <div className={text.length > 62 ? 'say-words long' : 'say-words'}>
      <h1>{text}</h1>
      <p>
        {told?.sentence.detail}{' '}
        <button type="button" className="why-button" onClick={() => session.ask(told?.step)}>
          {lab().why}
        </button>
      </p>
      <Announcer text={text} />
    </div>
  )
}

export function Announcer({ text }: { readonly text: string }) {
  const [spoken, setSpoken] = useState('')
  const latest = useRef(text)
  latest.current = text
  useEffect(() => {
    const timer = setInterval(() => setSpoken(latest.current), SPOKEN_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  )
}
