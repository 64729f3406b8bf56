/** Every message on its way, and what can be done to each: the list beside the marks in the ring. */
import type { Letter, Move } from '@flotilla/simulator/lab'
import { useEffect, useRef } from 'react'
import { MessageMark } from '../../ring/shapes.tsx'
import { useCluster } from '../../stage/stage.ts'
import { termStyle } from '../../style/term-colour.ts'
import { nameOf } from '../../trace-view/view.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import { kindOfLetter } from '../movement.ts'

export function MessagesPanel() {
  const session = useLabSession()
  const letters = useLab(state => session.run.steps[state.step]?.letters ?? none)
  const picked = useLab(state => state.picked)
  const playing = useLab(state => state.playing)
  return (
    <article>
      <h2>
        {letters.length === 0 ? 'No message is on its way' : `${letters.length} on their way`}
        {playing && letters.length > 0 && <small> pause to catch one</small>}
      </h2>
      <ul className="letters">
        {letters.map(letter => (
          <LetterRow key={letter.name} letter={letter} picked={letter.name === picked} />
        ))}
      </ul>
    </article>
  )
}

const none: readonly Letter[] = []

function LetterRow({ letter, picked }: { readonly letter: Letter; readonly picked: boolean }) {
  const session = useLabSession()
  const view = useCluster(state => state.view)
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (picked) row.current?.scrollIntoView({ block: 'nearest' })
  }, [picked])
  const { name: message, from, to, summary } = letter
  const what = `${summary.type} from ${nameOf(view, from)} to ${nameOf(view, to)}`
  const deed = (name: string, move: Move) => (
    <button
      type="button"
      className="button quiet small"
      aria-label={`${name}: ${what}`}
      onClick={() => session.act(move)}
    >
      {name}
    </button>
  )
  return (
    <li ref={row} className={picked ? 'letter picked' : 'letter'}>
      <div className="letter-head">
        <MessageMark kind={kindOfLetter(letter, session.run.steps)} answer={summary.type.endsWith('Result')} />
        <strong>
          {nameOf(view, from)} → {nameOf(view, to)}
        </strong>
        <span>{summary.type}</span>
        <span className="term-chip" style={termStyle(summary.term)}>
          {summary.term}
        </span>
      </div>
      <p>{contentOf(letter)}</p>
      <div className="letter-deeds">
        {deed('Deliver', { type: 'deliver', message })}
        {letter.held ? deed('Let go', { type: 'release', message }) : deed('Hold', { type: 'hold', message })}
        {deed('Drop', { type: 'drop', message })}
        {deed('Duplicate', { type: 'duplicate', message })}
        {deed('Delay', { type: 'delay', message, ms: 50 })}
        <button
          type="button"
          className="button quiet small"
          aria-label={`Why: ${what}`}
          onClick={() => session.ask(letter.sentIn)}
        >
          Why?
        </button>
      </div>
    </li>
  )
}

export function contentOf({ message, held, summary }: Letter): string {
  const kept = held ? 'Held back. ' : ''
  if (message === undefined) return summary.index === undefined ? '' : `Index ${summary.index}.`
  switch (message.type) {
    case 'RequestVote':
    case 'RequestPreVote':
      return `${kept}Its log ends at ${message.lastLogIndex}, with term ${message.lastLogTerm}.`
    case 'RequestVoteResult':
    case 'RequestPreVoteResult':
      return `${kept}${message.granted ? 'Yes.' : 'No.'}`
    case 'AppendEntries': {
      const terms = message.entries.map(({ term }) => term).join(' ')
      const what = message.entries.length === 0 ? 'Nothing new' : `Entries of terms ${terms}`
      return `${kept}${what}, after ${message.prevLogIndex} (term ${message.prevLogTerm}); commit ${message.leaderCommit}.`
    }
    case 'AppendEntriesResult':
      return message.success
        ? `${kept}Has everything up to ${message.matchIndex}.`
        : `${kept}Not after ${message.rejectedIndex}; perhaps after ${message.hintIndex}.`
    case 'InstallSnapshot':
      return `${kept}A snapshot up to entry ${message.lastIncludedIndex}.`
    case 'InstallSnapshotResult':
      return `${kept}Wants byte ${message.nextOffset}.`
    case 'TimeoutNow':
      return `${kept}Start an election now.`
    case 'ReadIndex':
      return `${kept}From which index may a read be answered?`
    case 'ReadIndexResult':
      return `${kept}${message.readIndex === 0 ? 'Not from here.' : `From ${message.readIndex}.`}`
    default:
      return message satisfies never
  }
}
