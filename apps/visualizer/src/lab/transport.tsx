/** Time in one's hands: play, step, speed, and the scrubber on which the run is painted. */
import { memo, useMemo } from 'react'
import { CROSS, CROWN } from '../ring/shapes.tsx'
import { termStyle } from '../style/term-colour.ts'
import { lab } from '../words/lab.ts'
import type { Landmark, RunHistory } from './history.ts'
import { Icon, Jumps, Pace } from './jumps.tsx'
import { useLab, useLabSession } from './lab-context.ts'
import './transport.css'

/** An empty scrubber is this long. Virtual milliseconds. */
const LEAST_SPAN = 400
/** It grows in steps: a scale that grew with every event would move all that is painted on it. */
const SPAN_GROWS = 1.2

export function Transport() {
  const session = useLabSession()
  const playing = useLab(state => state.playing)
  const words = lab().transport
  return (
    <footer className="transport">
      <div className="transport-buttons">
        <button
          type="button"
          className="button quiet icon"
          aria-label={words.beginning}
          onClick={() => {
            session.pause()
            session.goTo(0)
          }}
        >
          <Icon path="M 5 4 V 16 M 16 4 L 8 10 L 16 16 Z" />
        </button>
        <button type="button" className="button quiet icon" aria-label={words.back} onClick={() => session.stepBack()}>
          <Icon path="M 12 5 L 7 10 L 12 15" />
        </button>
        <button
          type="button"
          className="play-button"
          aria-label={playing ? words.pause : words.play}
          onClick={() => session.togglePlay()}
        >
          <Icon path={playing ? 'M 6.5 4 V 16 M 13.5 4 V 16' : 'M 6 3.5 L 16 10 L 6 16.5 Z'} solid={!playing} />
        </button>
        <button type="button" className="button quiet icon" aria-label={words.on} onClick={() => session.stepOn()}>
          <Icon path="M 8 5 L 13 10 L 8 15" />
        </button>
        <Jumps />
      </div>
      <Scrubber />
      <div className="transport-time">
        <Pace />
        <Clock />
      </div>
    </footer>
  )
}

function Clock() {
  const at = useLab(state => Math.round(state.at))
  const step = useLab(state => state.step)
  const count = useLab(state => state.count)
  return (
    <span className="clock">
      <strong>{lab().transport.ms(at)}</strong>
      <span>{lab().transport.event(step, count - 1)}</span>
    </span>
  )
}

function Scrubber() {
  const session = useLabSession()
  const end = useLab(state => state.end)
  const runs = useLab(state => state.runs)
  const current = useLab(state => state.current)
  const span = spanOf(end)
  return (
    <div className="scrubber">
      <Paint history={session.history} end={end} span={span} forks={forksOf(runs, current, session.history)} />
      <Thumb span={span} end={end} />
    </div>
  )
}

function spanOf(end: number): number {
  if (end <= LEAST_SPAN) return LEAST_SPAN
  return LEAST_SPAN * SPAN_GROWS ** Math.ceil(Math.log(end / LEAST_SPAN) / Math.log(SPAN_GROWS))
}

function forksOf(
  runs: readonly { readonly id: number; readonly parent: { readonly id: number; readonly step: number } | undefined }[],
  current: number,
  history: RunHistory,
): string {
  return runs
    .flatMap(run => {
      const own = run.id === current ? run.parent?.step : run.parent?.id === current ? run.parent.step : undefined
      return own === undefined || own === 0 ? [] : [history.run.steps[own]?.at ?? 0]
    })
    .join(' ')
}

function Paint(props: {
  readonly history: RunHistory
  readonly end: number
  readonly span: number
  readonly forks: string
}) {
  const { history, end, span, forks } = props
  const count = history.run.steps.length
  // Everything that has been played is reduced already; the landmarks grow with it.
  const painted = useMemo(() => {
    history.view(count - 1)
    const x = (at: number) => (at / span) * 1000
    return {
      bands: history.bands.map(({ term, from }, i) => {
        const to = history.bands[i + 1]?.from ?? end
        return { term, x: x(from), width: Math.max(0, x(to) - x(from)) }
      }),
      elections: places(history.landmarks, 'election', span),
      crashes: places(history.landmarks, 'crash', span),
      violations: places(history.landmarks, 'violation', span),
      commits: places(history.landmarks, 'commit', span),
    }
  }, [history, count, end, span])
  return (
    <>
      <svg className="scrubber-bands" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width={1000} height={10} className="scrubber-ahead" />
        {painted.bands.map(band => (
          <rect
            key={band.term}
            x={band.x}
            width={band.width}
            height={10}
            style={termStyle(band.term)}
            className="band"
          />
        ))}
      </svg>
      <div className="scrubber-marks" aria-hidden="true">
        <Marks kind="election" places={painted.elections} />
        <Marks kind="crash" places={painted.crashes} />
        <Marks kind="commit" places={painted.commits} />
        <Marks kind="violation" places={painted.violations} />
        {forks
          .split(' ')
          .filter(Boolean)
          .map(at => (
            <i key={at} className="fork" style={{ left: `${(Number(at) / span) * 100}%` }} />
          ))}
      </div>
    </>
  )
}

/** @param places percents with spaces between them: what has not moved is not rendered again */
const Marks = memo(function Marks({ kind, places }: { readonly kind: Landmark['kind']; readonly places: string }) {
  const all = places.split(' ').filter(Boolean)
  if (kind === 'commit' || kind === 'violation') {
    const className = kind === 'commit' ? 'dot' : 'broken'
    return all.map(left => <i key={left} className={className} style={{ left: `${left}%` }} />)
  }
  return all.map(left => (
    <svg key={left} aria-hidden="true" className="mark above" style={{ left: `${left}%` }} viewBox="-9 -9 18 18">
      {kind === 'election' ? (
        <path d={CROWN} fill="currentColor" />
      ) : (
        <path d={CROSS} stroke="currentColor" strokeWidth="2.4" />
      )}
    </svg>
  ))
})

/** Marks closer than this would cover each other: the first stands for them. In percent. */
const APART = 0.7

function places(landmarks: readonly Landmark[], kind: Landmark['kind'], span: number): string {
  const found: number[] = []
  for (const mark of landmarks) {
    if (mark.kind !== kind) continue
    const left = (mark.at / span) * 100
    if (found.length === 0 || left - (found.at(-1) ?? 0) >= APART) found.push(left)
  }
  return found.map(left => left.toFixed(2)).join(' ')
}

function Thumb({ span, end }: { readonly span: number; readonly end: number }) {
  const session = useLabSession()
  const at = useLab(state => state.at)
  const step = useLab(state => state.step)
  return (
    <>
      <i className="thumb" style={{ left: `${(at / span) * 100}%` }} aria-hidden="true" />
      <input
        type="range"
        className="scrubber-input"
        aria-label={lab().transport.moment}
        aria-valuetext={lab().transport.at(step, Math.round(at))}
        min={0}
        max={span}
        step="any"
        value={Math.min(at, end)}
        onChange={event => session.seek(Number(event.target.value))}
        onKeyDown={event => {
          if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') session.stepBack()
          else if (event.key === 'ArrowRight' || event.key === 'ArrowUp') session.stepOn()
          else if (event.key === 'Home') session.goTo(0)
          else if (event.key === 'End') session.goTo(session.run.steps.length - 1)
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
    </>
  )
}
