/** One node's database: what it says of itself, whether it is what was written, and its log. */
import type { InspectedDatabase } from '@flotilla/browser-node/stored'
import { type InspectedEntry, toldEntry } from '@flotilla/cluster/inspection'
import { type ReactNode, useState } from 'react'
import { termStyle } from '../style/term-colour.ts'
import { number } from '../words/forms.ts'
import { phrase } from '../words/phrase.ts'
import { stored as words } from '../words/stored.ts'
import { PreviewText } from './preview-text.tsx'

export function NodePart({ node }: { readonly node: InspectedDatabase }) {
  const { nodeId, isDriven, isBlank, problems } = node
  const text = words()
  return (
    <div className="stored-node">
      <h3>
        {text.node(nodeId)}
        {isDriven && <span className="stored-tag">{text.isDriven}</span>}
      </h3>
      {isBlank ? <p>{text.blank}</p> : <Facts node={node} />}
      {!isBlank && problems.length === 0 && <p className="stored-sound">{text.sound}</p>}
      {problems.length > 0 && (
        <div className="stored-damage">
          <p>
            <strong>{text.damaged(problems.length)}</strong>
          </p>
          <ul>
            {problems.slice(0, MOST_PROBLEMS).map(({ message }) => (
              <li key={message}>{phrase(message)}</li>
            ))}
            {problems.length > MOST_PROBLEMS && <li>…</li>}
          </ul>
          <p>{text.damagedHow}</p>
        </div>
      )}
      {node.entries.length > 0 && <Log node={node} />}
    </div>
  )
}

const MOST_PROBLEMS = 20

function Facts({ node }: { readonly node: InspectedDatabase }) {
  const { hardState, commitIndex, snapshot, entries, ownerEpoch, clusterId, bytes } = node
  const text = words()
  const [first, last] = [entries[0], entries.at(-1)]
  return (
    <dl className="stored-facts">
      <Fact name={text.term}>{hardState === undefined ? text.unreadable : <Term term={hardState.currentTerm} />}</Fact>
      <Fact name={text.vote}>{hardState === undefined ? text.unreadable : (hardState.votedFor ?? text.nobody)}</Fact>
      <Fact name={text.log}>
        {first && last ? text.entries(entries.length, first.index, last.index) : text.noEntries}
      </Fact>
      <Fact name={text.committed}>{commitIndex === undefined ? text.notKnown : text.upTo(commitIndex)}</Fact>
      <Fact name={text.snapshot}>
        {snapshot === undefined ? text.none : text.snapshotOf(snapshot.index, snapshot.term, snapshot.data.byteLength)}
      </Fact>
      <Fact name={text.size}>{text.sizeOf(bytes)}</Fact>
      <Fact name={text.opened}>{ownerEpoch === undefined ? text.unreadable : text.times(ownerEpoch)}</Fact>
      <Fact name={text.cluster}>{clusterId === undefined ? text.notAdmitted : <code>{clusterId}</code>}</Fact>
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Term({ term }: { readonly term: number }) {
  return (
    <span className="term-chip" style={termStyle(term)}>
      {number(term)}
    </span>
  )
}

/** So many entries at first, the last, and so many more each time. */
const SHOWN = 10
const MORE = 200

function Log({ node: { nodeId, entries, gaps } }: { readonly node: InspectedDatabase }) {
  const [shown, setShown] = useState(SHOWN)
  const text = words()
  const before = entries.length - shown
  const from = entries[Math.max(0, before)]?.index ?? 0
  const rows = [
    ...entries.slice(-shown).map(entry => ({ at: entry.index, row: <EntryRow key={entry.index} inspected={entry} /> })),
    ...gaps
      .filter(({ to }) => to >= from || before <= 0)
      .map(gap => ({ at: gap.from, row: <MissingRow key={gap.from} says={text.missing(gap.from, gap.to)} /> })),
  ].sort((a, b) => a.at - b.at)
  return (
    <>
      {before > 0 && (
        <button type="button" className="button quiet small" onClick={() => setShown(shown + MORE)}>
          {text.showBefore(Math.min(before, MORE))}
        </button>
      )}
      <table className="stored-log" aria-label={text.logOf(nodeId)}>
        <thead>
          <tr>
            <th scope="col">{text.index}</th>
            <th scope="col">{text.term}</th>
            <th scope="col">{text.what}</th>
          </tr>
        </thead>
        <tbody>{rows.map(({ row }) => row)}</tbody>
      </table>
    </>
  )
}

function EntryRow({ inspected: { index, entry } }: { readonly inspected: InspectedEntry }) {
  return (
    <tr className={entry === undefined ? 'bad' : undefined}>
      <th scope="row">{number(index)}</th>
      <td>{entry && <Term term={entry.term} />}</td>
      <td>{entry === undefined ? words().isDamaged : <What entry={entry} />}</td>
    </tr>
  )
}

function MissingRow({ says }: { readonly says: string }) {
  return (
    <tr className="bad">
      <td colSpan={3}>{says}</td>
    </tr>
  )
}

function What({ entry }: { readonly entry: NonNullable<InspectedEntry['entry']> }) {
  const told = toldEntry(entry)
  const text = words()
  switch (told.kind) {
    case 'noop':
      return text.noop
    case 'members':
      return text.members(told.voters, told.from, told.learners)
    case 'session begins':
      return text.sessionBegins
    case 'sessions end':
      return text.sessionsEnd(told.sessions)
    case 'rule':
      return text.rule
    case 'bytes':
      return text.bytes(told.bytes)
    case 'command':
      return (
        <>
          <PreviewText preview={told.command} />
          <span className="stored-whose">{text.commandOf(told.session, told.sequence)}</span>
        </>
      )
    default:
      return told satisfies never
  }
}
