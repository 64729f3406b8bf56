/**
 * Two runs side by side at one moment, from where they parted on: a ring and the logs of each, the nodes and entries that
 * are not the same in both marked, and the same in words. The cursor is one; it is the current run that is acted on.
 */
import { type ReactNode, useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { Ledger } from '../ledger/ledger.tsx'
import { conditionOf } from '../ring/describe.ts'
import { Ring } from '../ring/ring.tsx'
import { StageContext, setStage, useStage } from '../stage/stage.ts'
import { type Difference, differencesOf, isSame } from '../trace-view/comparison.ts'
import type { Seat } from '../trace-view/roster.ts'
import { comparison } from '../words/compare.ts'
import { lab } from '../words/lab.ts'
import { Beside } from './beside.ts'
import { useLab, useLabSession } from './lab-context.ts'
import { RunMovement } from './movement.ts'
import { partedAt } from './parting.ts'
import type { KeptRun } from './session.ts'
import './compare.css'

export default function ComparedBench({ other }: { readonly other: KeptRun }) {
  const session = useLabSession()
  const stage = useStage()
  const beside = useMemo(() => new Beside(session, other), [session, other])
  useEffect(() => session.store.subscribe(() => beside.follow()), [session, beside])
  const { name } = session.kept
  const here = useMemo(
    () => ({ ...stage, compared: { cluster: beside.cluster, isSame }, title: name }),
    [stage, beside, name],
  )
  const there = useMemo(
    () =>
      setStage({
        cluster: beside.cluster,
        focus: session.focus,
        movement: new RunMovement(beside),
        oneWay: true,
        actions: undefined,
        compared: { cluster: session.cluster, isSame },
        title: beside.kept.name,
      }),
    [session, beside],
  )
  const step = useLab(state => state.step)
  useLab(state => state.at)
  return (
    <>
      <StageContext value={here}>
        <Side kept={session.kept} step={step} />
      </StageContext>
      <StageContext value={there}>
        <Side kept={other} step={beside.step} />
      </StageContext>
      <div className="beside">
        <Differences beside={beside} here={stage.seatsOf} there={there.seatsOf} />
      </div>
    </>
  )
}

function Side({ kept, step }: { readonly kept: KeptRun; readonly step: number }) {
  const told = kept.history.sentence(step)
  return (
    <section className="compared-side" aria-label={kept.name}>
      <header>
        <h2>{kept.name}</h2>
        <p>{told?.sentence.text}</p>
      </header>
      <Ring empty={lab().nobody} />
      <Ledger />
    </section>
  )
}

type SeatsOf = ReturnType<typeof useStage>['seatsOf']

function Differences(props: { readonly beside: Beside; readonly here: SeatsOf; readonly there: SeatsOf }) {
  const session = useLabSession()
  const { beside } = props
  const runs = useLab(state => state.runs)
  const current = useLab(state => state.current)
  const step = useLab(state => state.step)
  const ours = useStore(session.cluster)
  const theirs = useStore(beside.cluster)
  const words = comparison()
  const parted = partedAt(runs, current, beside.kept.id)
  const differences = differencesOf(ours.view, theirs.view)
  const mine = props.here(ours)
  const other = props.there(theirs)
  return (
    <div className="card side-panel differences">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="panel-body" tabIndex={0} aria-label={words.title}>
        <h2>{words.title}</h2>
        <p className="deeds">
          <label className="compared-with">
            {words.with}
            <select
              className="field small"
              value={beside.kept.id}
              onChange={event => session.compare(Number(event.target.value))}
            >
              {runs
                .filter(({ id }) => id !== current)
                .map(run => (
                  <option key={run.id} value={run.id}>
                    {run.name}
                  </option>
                ))}
            </select>
          </label>
          <button type="button" className="button small" onClick={() => session.goTo(parted)}>
            {words.toTheFork(parted)}
          </button>
          <button type="button" className="button small" onClick={() => session.compare(undefined)}>
            {words.close}
          </button>
        </p>
        <p role="status">
          {step <= parted
            ? words.before(parted)
            : differences.length === 0
              ? words.same
              : words.differ(differences.map(({ id }) => id))}
        </p>
        {differences.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">{words.node}</th>
                <th scope="col">{session.kept.name}</th>
                <th scope="col">{beside.kept.name}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(difference => (
                <Row key={difference.id} difference={difference} here={mine} there={other} />
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  )
}

function Row(props: {
  readonly difference: Difference
  readonly here: readonly Seat[]
  readonly there: readonly Seat[]
}): ReactNode {
  const { id, from } = props.difference
  const find = (seats: readonly Seat[]) => seats.find(({ node }) => node.id === id)
  return (
    <>
      <tr>
        <th scope="row">{id}</th>
        <State seat={find(props.here)} />
        <State seat={find(props.there)} />
      </tr>
      {from !== undefined && (
        <tr className="logs-part">
          <td />
          <td colSpan={2}>{comparison().logsPart(from)}</td>
        </tr>
      )}
    </>
  )
}

function State({ seat }: { readonly seat: Seat | undefined }) {
  const words = comparison()
  if (seat === undefined) return <td>{words.absent}</td>
  const { term, log, commitIndex, votedFor } = seat.node
  return (
    <td>
      {words.role(conditionOf(seat), term)}
      <br />
      {words.log(log.lastIndex, commitIndex)}
      {votedFor !== undefined && (
        <>
          <br />
          {words.vote(votedFor)}
        </>
      )}
    </td>
  )
}
