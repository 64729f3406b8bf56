/** One node: what is on its disk and what only in its memory, and everything that can be done to it. */
import type { NodeId } from '@flotilla/core'
import { keyName, keyNames, type Move, mostNodes } from '@flotilla/simulator/lab'
import { type ReactNode, useState } from 'react'
import { conditionOf } from '../../ring/describe.ts'
import { useCluster, useFocus, useSeats } from '../../stage/stage.ts'
import { termStyle } from '../../style/term-colour.ts'
import { entriesBetween } from '../../trace-view/log-view.ts'
import type { Seat } from '../../trace-view/roster.ts'
import { number } from '../../words/forms.ts'
import { lab } from '../../words/lab.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import type { LabSession } from '../session.ts'
import '../../inspector/inspector.css'
import './node-panel.css'

export function NodePanel() {
  const session = useLabSession()
  const seats = useSeats()
  const selected = useFocus(state => state.selected)
  const select = useFocus(state => state.select)
  const seat = seats.find(({ node }) => node.id === selected) ?? seats[0]
  if (seat === undefined) return null
  return (
    <article className="node-panel">
      <fieldset className="node-pick">
        <legend className="visually-hidden">{lab().node.name}</legend>
        {seats.map(each => (
          <button key={each.node.id} type="button" aria-pressed={each === seat} onClick={() => select(each.node.id)}>
            {each.standing === 'joining' ? each.node.id : each.name}
          </button>
        ))}
        {seats.length < mostNodes && (
          <button
            type="button"
            title={lab().node.oneMoreTitle}
            aria-label={lab().node.oneMore}
            onClick={() => session.act({ type: 'appear', node: freeName(session.nodeIds()) })}
          >
            +
          </button>
        )}
      </fieldset>
      <h2>
        {seat.node.id} <small>{conditionOf(seat)}</small>
      </h2>
      <Deeds seat={seat} seats={seats} />
      <Kept seat={seat} />
      <Links seat={seat} seats={seats} />
    </article>
  )
}

function freeName(ids: readonly NodeId[]): NodeId {
  let number = ids.length + 1
  while (ids.includes(`S${number}`)) number += 1
  return `S${number}`
}

/** Two candidates of one moment: how votes are split. */
function TimeOutBoth({ id, others }: { readonly id: NodeId; readonly others: readonly Seat[] }) {
  const session = useLabSession()
  const [chosen, setChosen] = useState<NodeId>()
  const other = others.find(({ node }) => node.id === chosen) ?? others[0]
  const words = lab().node
  if (other === undefined) return null
  return (
    <div className="deeds">
      <button
        type="button"
        className="button small"
        title={words.timeOutBothTitle(id, other.node.id)}
        onClick={() => session.act({ type: 'timeout', nodes: [id, other.node.id] })}
      >
        {words.timeOutBoth}
      </button>
      <select
        className="field small"
        aria-label={words.timeOutBoth}
        value={other.node.id}
        onChange={event => setChosen(event.target.value)}
      >
        {others.map(({ node }) => (
          <option key={node.id}>{node.id}</option>
        ))}
      </select>
    </div>
  )
}

function Deeds({ seat, seats }: { readonly seat: Seat; readonly seats: readonly Seat[] }) {
  const session = useLabSession()
  const { id } = seat.node
  const frozen = useLab(state => session.run.steps[state.step]?.conditions.frozen.includes(id) ?? false)
  const rate = useLab(state => session.run.steps[state.step]?.conditions.clockRates[id] ?? 1)
  const [key, setKey] = useState(0)
  const others = seats.filter(other => other !== seat)
  const up = seat.presence === 'here'
  const words = lab().node
  const leads = up && seat.standing === 'leader'
  const deed = (name: string, move: Move, title?: string) => (
    <button type="button" className="button small" title={title} onClick={() => session.act(move)}>
      {name}
    </button>
  )
  return (
    <>
      <div className="deeds">
        {up ? (
          <>
            {deed(words.crash, { type: 'crash', node: id, flushed: false }, words.crashTitle)}
            {deed(words.crashFlushed, { type: 'crash', node: id, flushed: true }, words.crashFlushedTitle)}
            {frozen ? deed(words.thaw, { type: 'thaw', node: id }) : deed(words.freeze, { type: 'freeze', node: id })}
            {deed(words.timeOut, { type: 'timeout', nodes: [id] }, words.timeOutTitle)}
          </>
        ) : (
          <>
            {deed(words.restart, { type: 'restart', node: id, emptied: false })}
            {deed(words.restartEmpty, { type: 'restart', node: id, emptied: true }, words.restartEmptyTitle)}
          </>
        )}
      </div>
      {up && (
        <div className="deeds">
          <select
            className="field small"
            aria-label={words.key}
            value={key}
            onChange={event => setKey(Number(event.target.value))}
          >
            {keyNames.map((name, i) => (
              <option key={name} value={i}>
                {name}
              </option>
            ))}
          </select>
          {deed(words.write, { type: 'write', node: id, key })}
          {deed(words.read, { type: 'read', node: id, key, local: false }, words.readTitle(keyName(key)))}
          {deed(words.readLocally, { type: 'read', node: id, key, local: true }, words.readLocallyTitle)}
          {deed(words.snapshot, { type: 'compact', node: id })}
        </div>
      )}
      {up && others.length > 0 && <TimeOutBoth id={id} others={others} />}
      {leads && others.length > 0 && <LeadersDeeds session={session} seat={seat} others={others} />}
      {up && (
        <label className="clock-rate">
          {words.clock}
          <select
            className="field small"
            value={rate}
            onChange={event => session.act({ type: 'clock', node: id, rate: Number(event.target.value) })}
          >
            {[0.25, 0.5, 0.8, 1, 1.25, 2, 4].map(each => (
              <option key={each} value={each}>
                {each === 1 ? words.clockRight : `${number(each)} ×`}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  )
}

function LeadersDeeds(props: { readonly session: LabSession; readonly seat: Seat; readonly others: readonly Seat[] }) {
  const { session, seat, others } = props
  const [chosen, setChosen] = useState<NodeId | undefined>(undefined)
  const { id } = seat.node
  const other = others.find(({ node }) => node.id === chosen) ?? others[0]
  if (other === undefined) return null
  const to = other.node.id
  const words = lab().node
  const isMember = seat.node.configuration.members.some(member => member.id === to)
  const votes = seat.node.configuration.voters.includes(to)
  const change = (type: 'addLearner' | 'addVoter' | 'demote' | 'remove') =>
    session.act({ type: 'change', node: id, changes: [{ type, id: to }] })
  return (
    <div className="deeds">
      <select
        className="field small"
        aria-label={words.otherNode}
        value={to}
        onChange={event => setChosen(event.target.value)}
      >
        {others.map(({ node }) => (
          <option key={node.id} value={node.id}>
            {node.id}
          </option>
        ))}
      </select>
      {votes && (
        <button type="button" className="button small" onClick={() => session.act({ type: 'transfer', node: id, to })}>
          {words.handOver}
        </button>
      )}
      {!isMember && (
        <button type="button" className="button small" onClick={() => change('addLearner')}>
          {words.addLearner}
        </button>
      )}
      {!votes && (
        <button type="button" className="button small" onClick={() => change('addVoter')}>
          {words.addVoter}
        </button>
      )}
      {votes && (
        <button type="button" className="button small" onClick={() => change('demote')}>
          {words.demote}
        </button>
      )}
      {isMember && (
        <button type="button" className="button small" onClick={() => change('remove')}>
          {words.remove}
        </button>
      )}
    </div>
  )
}

/** Disk and memory apart: what a crash will lose can be seen before it does. */
function Kept({ seat }: { readonly seat: Seat }) {
  const session = useLabSession()
  const { node } = seat
  const step = useLab(state => state.step)
  const disk = diskOf(session, step, node.id)
  const { log } = node
  const words = lab().node
  const from = Math.max(log.snapshotIndex + 1, log.firstIndex)
  const onDisk = entriesBetween(log, from, log.durableIndex)
  const inMemory = entriesBetween(log, log.durableIndex + 1, log.lastIndex)
  return (
    <div className="kept">
      <section className="kept-disk">
        <h3>{words.onDisk}</h3>
        <dl className="facts">
          <Fact name="currentTerm">
            <Term term={disk.term} />
          </Fact>
          <Fact name="votedFor">{disk.votedFor ?? '–'}</Fact>
          <Fact name={words.snapshotFact}>{log.snapshotIndex === 0 ? '–' : words.upTo(log.snapshotIndex)}</Fact>
        </dl>
        <Entries terms={onDisk.map(({ term }) => term)} empty={words.emptyLog} />
      </section>
      <section className="kept-memory">
        <h3>{words.inMemory}</h3>
        <dl className="facts">
          {node.term !== disk.term && (
            <Fact name="currentTerm">
              <Term term={node.term} />
            </Fact>
          )}
          {node.votedFor !== disk.votedFor && <Fact name="votedFor">{node.votedFor ?? '–'}</Fact>}
          <Fact name={words.leaderFact}>{node.leader ?? '–'}</Fact>
          <Fact name="commitIndex">{node.commitIndex}</Fact>
          <Fact name="lastApplied">{node.lastApplied}</Fact>
        </dl>
        {inMemory.length > 0 && <Entries terms={inMemory.map(({ term }) => term)} empty="" />}
      </section>
    </div>
  )
}

/** Term and vote as the disk has them: as of the last write that was completed, or the start. */
function diskOf(
  session: LabSession,
  step: number,
  id: NodeId,
): { readonly term: number; readonly votedFor: NodeId | undefined } {
  for (let i = step; i >= 0; i--) {
    const event = session.run.steps[i]?.trace.findLast(
      each => each.node === id && (each.type === 'durable' || each.type === 'started'),
    )
    if (event?.type === 'durable' || event?.type === 'started') return event
  }
  return { term: 0, votedFor: undefined }
}

function Entries({ terms, empty }: { readonly terms: readonly number[]; readonly empty: string }) {
  const last = terms.slice(-14)
  return (
    <p className="entry-row">
      {terms.length === 0 && <span className="entry-none">{empty}</span>}
      {last.length < terms.length && '… '}
      {last.map((term, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries are told apart by their place
        <Term key={i} term={term} />
      ))}
    </p>
  )
}

function Links({ seat, seats }: { readonly seat: Seat; readonly seats: readonly Seat[] }) {
  const session = useLabSession()
  const cut = useLab(state => session.run.steps[state.step]?.conditions.cut)
  const view = useCluster(state => state.view)
  const { id } = seat.node
  const others = seats.filter(other => other !== seat)
  const isCut = (from: NodeId, to: NodeId) => cut?.some(([a, b]) => a === from && b === to) ?? false
  const toggle = (from: NodeId, to: NodeId) => session.act({ type: isCut(from, to) ? 'heal' : 'cut', from, to })
  if (others.length === 0) return null
  const leads = seat.presence === 'here' && seat.standing === 'leader'
  const words = lab().node
  return (
    <table className="links-table">
      <thead>
        <tr>
          <th scope="col">{words.links}</th>
          {leads && <th scope="col">{words.match}</th>}
          {leads && <th scope="col">{words.next}</th>}
          <th scope="col">{words.from(id)}</th>
          <th scope="col">{words.to(id)}</th>
        </tr>
      </thead>
      <tbody>
        {others.map(({ node }) => {
          const progress = view.nodes.get(id)?.progress.get(node.id)
          return (
            <tr key={node.id}>
              <th scope="row">{node.id}</th>
              {leads && <td>{progress?.matchIndex ?? '–'}</td>}
              {leads && <td>{progress?.nextIndex ?? '–'}</td>}
              {(
                [
                  [id, node.id],
                  [node.id, id],
                ] as const
              ).map(([from, to]) => (
                <td key={from}>
                  <button
                    type="button"
                    className="button quiet small"
                    aria-pressed={isCut(from, to)}
                    aria-label={(isCut(from, to) ? words.healFromTo : words.cutFromTo)(from, to)}
                    onClick={() => toggle(from, to)}
                  >
                    {isCut(from, to) ? words.heal : words.cut}
                  </button>
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
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

const Term = ({ term }: { readonly term: number }) => (
  <span className="term-chip" style={termStyle(term)}>
    {term}
  </span>
)
