/** All that is known of one node, what its leader knows of the others, and what may be done to it. */
import type { NodeId } from '@flotilla/core'
import { useState } from 'react'
import { conditionOf } from '../ring/describe.ts'
import { RelayedMark } from '../ring/shapes.tsx'
import { useCluster, useFocus, useOwnWord, useSeats, useStage } from '../stage/stage.ts'
import { termStyle } from '../style/term-colour.ts'
import { placed } from '../trace-view/crowd.ts'
import { isCut, isRelayed, isSilent, type Seat } from '../trace-view/roster.ts'
import { picture } from '../words/picture.ts'
import './inspector.css'

export function Inspector() {
  const seats = useSeats()
  const selected = useFocus(state => state.selected)
  const seat = seats.find(({ node }) => node.id === selected) ?? seats.find(({ self }) => self) ?? seats[0]
  return (
    <section className="card inspector" aria-label={picture().node}>
      {seat === undefined ? (
        <>
          <div className="card-head">
            <h2>{picture().node}</h2>
          </div>
          <p className="empty">{picture().selectNode}</p>
        </>
      ) : (
        <Details seat={seat} seats={seats} />
      )}
    </section>
  )
}

function Details({ seat, seats }: { readonly seat: Seat; readonly seats: readonly Seat[] }) {
  const { node } = seat
  const words = picture()
  const ownWord = useOwnWord()
  const nameOf = (id: NodeId | undefined) =>
    id === undefined ? '–' : (seats.find(other => other.node.id === id)?.name ?? id.slice(0, 6))
  // In a crowd, those who vote: a link to anybody else is cut at that one.
  const others = placed(seats).front.filter(other => other !== seat)
  return (
    <>
      <div className="card-head">
        <h2>
          {seat.name} {seat.called !== undefined && <bdi className="inspector-called">{seat.called}</bdi>}{' '}
          <span className="inspector-role">{conditionOf(seat)}</span>
        </h2>
        {seat.self && <span className="inspector-self">{ownWord}</span>}
        <span className="hint" title={node.id}>
          {words.id(node.id.slice(0, 8))}
        </span>
        <LifeButton seat={seat} />
        <RemoveButton key={node.id} seat={seat} />
      </div>
      <div className="inspector-body">
        {node.heard ? (
          <dl className="facts">
            <Fact name="currentTerm">
              <span className="term-chip" style={termStyle(node.term)}>
                {node.term}
              </span>
            </Fact>
            <Fact name="votedFor">{nameOf(node.votedFor)}</Fact>
            <Fact name={words.leader}>{nameOf(node.leader)}</Fact>
            <Fact name={words.lastEntry}>{node.log.lastIndex}</Fact>
            <Fact name={words.onDisk}>{node.log.durableIndex}</Fact>
            <Fact name="commitIndex">{node.commitIndex}</Fact>
            <Fact name="lastApplied">{node.lastApplied}</Fact>
            <Fact name={words.snapshot}>{node.log.snapshotIndex === 0 ? '–' : node.log.snapshotIndex}</Fact>
          </dl>
        ) : (
          <p className="inspector-unheard">{isSilent(seat) ? silence(seat) : words.unheard}</p>
        )}
        {others.length > 0 && <Peers seat={seat} others={others} />}
      </div>
    </>
  )
}

function silence({ node, standing }: Seat): string {
  const { silent, silentLeads } = picture()
  return standing === 'leader' ? `${silentLeads(node.term)} ${silent}` : silent
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** One row for each other node: what a leader knows of it, and the link to it. */
function Peers({ seat, others }: { readonly seat: Seat; readonly others: readonly Seat[] }) {
  const view = useCluster(state => state.view)
  const { actions } = useStage()
  const leads = seat.standing === 'leader' && seat.presence === 'here' && seat.node.heard
  const links = others.map(other => [seat.node.id, other.node.id] as const)
  const words = picture()
  const allCut = links.every(([a, b]) => isCut(view, a, b))
  return (
    <div className="peers">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.peers.to}</th>
            {leads && (
              <>
                <th scope="col">{words.peers.match}</th>
                <th scope="col">{words.peers.next}</th>
                <th scope="col">{words.peers.state}</th>
              </>
            )}
            {actions === undefined ? (
              <td />
            ) : (
              <th scope="col">
                <button type="button" className="button quiet small" onClick={() => actions.setCut(links, !allCut)}>
                  {allCut ? words.healAll : words.cutOff}
                </button>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {others.map(other => {
            const cut = isCut(view, seat.node.id, other.node.id)
            const relayed = isRelayed(view, seat.node.id, other.node.id)
            const progress = node(seat, other)
            return (
              <tr key={other.node.id}>
                <th scope="row">
                  {other.name} {other.called !== undefined && <bdi className="inspector-called">{other.called}</bdi>}
                </th>
                {leads && (
                  <>
                    <td>{progress?.matchIndex ?? '–'}</td>
                    <td>{progress?.nextIndex ?? '–'}</td>
                    <td>{progress === undefined ? '–' : words.progress[progress.state]}</td>
                  </>
                )}
                <td>
                  {relayed && (
                    <span className="peer-relayed" title={words.linkIsRelayed(seat.name, other.name)}>
                      <RelayedMark /> {words.relayed}
                    </span>
                  )}
                  {actions ? (
                    <button
                      type="button"
                      className="button quiet small"
                      aria-label={(cut ? words.healLinkBetween : words.cutLinkBetween)(seat.name, other.name)}
                      onClick={() => actions.setCut([[seat.node.id, other.node.id]], !cut)}
                    >
                      {cut ? words.healLink : words.cutLink}
                    </button>
                  ) : (
                    cut && words.cut
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const node = (seat: Seat, other: Seat) => seat.node.progress.get(other.node.id)

function LifeButton({ seat }: { readonly seat: Seat }) {
  const { actions } = useStage()
  if (actions === undefined) return null
  if (seat.presence === 'crashed')
    return (
      <button type="button" className="button small" onClick={() => actions.restart(seat.node.id)}>
        {picture().startAgain(seat.name)}
      </button>
    )
  // One that tells nothing does not hear the request either.
  if (seat.presence !== 'here' || isSilent(seat)) return null
  return (
    <button type="button" className="button small" onClick={() => actions.crash(seat.node.id)}>
      {picture().crash(seat.name)}
    </button>
  )
}

/** Asks once more: whoever is removed stays out until somebody lets it in. */
function RemoveButton({ seat }: { readonly seat: Seat }) {
  const { actions } = useStage()
  const [isSure, setSure] = useState(false)
  if (actions?.remove === undefined || seat.self || seat.standing === undefined) return null
  const { remove } = actions
  const press = (): void => {
    if (isSure) remove(seat.node.id)
    setSure(!isSure)
  }
  return (
    <button type="button" className="button small" onClick={press} onBlur={() => setSure(false)} aria-live="polite">
      {isSure ? picture().reallyRemove(seat.name) : picture().remove(seat.name)}
    </button>
  )
}
