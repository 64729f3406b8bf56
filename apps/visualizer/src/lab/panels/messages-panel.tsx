/** Every message on its way, and what can be done to each: the list beside the marks in the ring. */
import type { Letter, Move } from '@flotilla/simulator/lab'
import { useEffect, useRef } from 'react'
import { MessageMark } from '../../ring/shapes.tsx'
import { useCluster } from '../../stage/stage.ts'
import { termStyle } from '../../style/term-colour.ts'
import { nameOf } from '../../trace-view/view.ts'
import { lab } from '../../words/lab.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import { kindOfLetter } from '../movement.ts'
import './messages-panel.css'

export function MessagesPanel() {
  const session = useLabSession()
  const letters = useLab(state => session.run.steps[state.step]?.letters ?? none)
  const picked = useLab(state => state.picked)
  const playing = useLab(state => state.playing)
  const words = lab().messages
  return (
    <article>
      <h2>
        {letters.length === 0 ? words.none : words.some(letters.length)}
        {playing && letters.length > 0 && <small> {words.pause}</small>}
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
  const words = lab().messages
  const what = words.what(summary.type, nameOf(view, from), nameOf(view, to))
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
        {deed(words.deliver, { type: 'deliver', message })}
        {letter.held ? deed(words.release, { type: 'release', message }) : deed(words.hold, { type: 'hold', message })}
        {deed(words.drop, { type: 'drop', message })}
        {deed(words.duplicate, { type: 'duplicate', message })}
        {deed(words.delay, { type: 'delay', message, ms: 50 })}
        <button
          type="button"
          className="button quiet small"
          aria-label={words.why(what)}
          onClick={() => session.ask(letter.sentIn)}
        >
          {lab().why}
        </button>
      </div>
    </li>
  )
}

export function contentOf(letter: Letter): string {
  const content = sayingOf(letter)
  return letter.held ? `${lab().messages.held} ${content}` : content
}

function sayingOf({ message, summary }: Letter): string {
  const words = lab().messages
  if (message === undefined) return summary.index === undefined ? '' : words.index(summary.index)
  switch (message.type) {
    case 'RequestVote':
    case 'RequestPreVote':
      return words.logEnds(message.lastLogIndex, message.lastLogTerm)
    case 'RequestVoteResult':
    case 'RequestPreVoteResult':
      return message.granted ? words.yes : words.no
    case 'AppendEntries': {
      const terms = message.entries.map(({ term }) => term).join(' ')
      return words.append(terms, message.prevLogIndex, message.prevLogTerm, message.leaderCommit)
    }
    case 'AppendEntriesResult':
      return message.success ? words.has(message.matchIndex) : words.hasNot(message.rejectedIndex, message.hintIndex)
    case 'InstallSnapshot':
      return words.snapshot(message.lastIncludedIndex)
    case 'InstallSnapshotResult':
      return words.wantsByte(message.nextOffset)
    case 'TimeoutNow':
      return words.startNow
    case 'ReadIndex':
      return words.mayRead
    case 'ReadIndexResult':
      return message.readIndex === 0 ? words.notFromHere : words.readFrom(message.readIndex)
    default:
      return message satisfies never
  }
}
