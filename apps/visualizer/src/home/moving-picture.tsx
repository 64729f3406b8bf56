/**
 * The picture on the home page: a real run at a twentieth of its speed, with a write now and then, and now and then a
 * crash. It stops with its button, off screen and in hidden tabs, and stands still where motion is not wanted.
 */
import { Run, runSetup } from '@flotilla/simulator/lab'
import { useEffect, useRef, useState } from 'react'
import { useLab, useLabSession } from '../lab/lab-context.ts'
import { LabStage } from '../lab/lab-stage.tsx'
import { LabSession } from '../lab/session.ts'
import { Ledger } from '../ledger/ledger.tsx'
import { Ring } from '../ring/ring.tsx'
import { home } from '../words/home.ts'

/** Virtual milliseconds between the things that happen to it. */
const WRITE_EVERY = 130
const CRASH_EVERY = 1_300
const REST = 500
/** Then it begins again: nobody has watched for so long. */
const LASTS = 6_000

export default function MovingPicture() {
  const [session] = useState(begin)
  useEffect(() => () => session.dispose(), [session])
  return (
    <LabStage session={session}>
      <Picture />
    </LabStage>
  )
}

/** It begins in the middle: a leader, and a few entries that are committed. */
function begin(): LabSession {
  const session = new LabSession(runSetup({ nodes: 5, seed: 7 }))
  open(session)
  return session
}

function open(session: LabSession): void {
  const run = new Run(runSetup({ nodes: 5, seed: 7 }))
  run.playUntil(() => leaderOf(run) !== undefined, 2_000)
  for (let i = 0; i < 2; i++) {
    const leader = leaderOf(run)
    if (leader !== undefined) run.act({ type: 'write', node: leader, key: i })
    run.playTo(run.now + 90)
  }
  const leader = leaderOf(run)
  if (leader !== undefined) run.act({ type: 'write', node: leader, key: 0 })
  run.playTo(run.now + 14)
  session.open(run)
  session.setPace(20)
}

const leaderOf = (run: Pick<Run, 'node'>): string | undefined =>
  ['S1', 'S2', 'S3', 'S4', 'S5'].find(id => run.node(id)?.up === true && run.node(id)?.role === 'leader')

function Picture() {
  const session = useLabSession()
  const playing = useLab(state => state.playing)
  const step = useLab(state => state.step)
  const box = useRef<HTMLDivElement>(null)
  const [wanted, setWanted] = useState(() => !matchMedia('(prefers-reduced-motion: reduce)').matches)

  useEffect(() => {
    if (!wanted) return session.pause()
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) session.play()
      else session.pause()
    })
    if (box.current) observer.observe(box.current)
    return () => {
      observer.disconnect()
      session.pause()
    }
  }, [session, wanted])
  useEffect(() => live(session), [session])

  const told = session.history.sentence(step)?.sentence
  return (
    <div className="moving" ref={box}>
      <div className="moving-head">
        <p className="moving-sentence">{told?.text}</p>
        <span>{home().speed}</span>
        <button
          type="button"
          className="button icon"
          aria-label={playing ? home().stopPicture : home().movePicture}
          onClick={() => setWanted(!wanted)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path
              d={playing ? 'M 7 5 V 15 M 13 5 V 15' : 'M 7 4.5 L 15 10 L 7 15.5 Z'}
              fill={playing ? 'none' : 'currentColor'}
              stroke="currentColor"
              strokeWidth="2.2"
              strokeLinecap="round"
            />
          </svg>
        </button>
      </div>
      <Ring empty="" />
      <Ledger />
    </div>
  )
}

/** Somebody writes, and now and then the leader crashes and comes back. */
function live(session: LabSession): () => void {
  let nextWrite = session.now + WRITE_EVERY
  let nextCrash = session.now + CRASH_EVERY / 2
  let back: { readonly node: string; readonly at: number } | undefined
  return session.store.subscribe(({ at, playing }) => {
    if (!playing) return
    const { run } = session
    if (back !== undefined && at >= back.at) {
      const { node } = back
      back = undefined
      session.act({ type: 'restart', node, emptied: false })
    } else if (at >= nextCrash) {
      nextCrash = at + CRASH_EVERY
      const node = leaderOf(run)
      if (node === undefined) return
      back = { node, at: at + REST }
      session.act({ type: 'crash', node, flushed: true })
    } else if (at >= nextWrite) {
      nextWrite = at + WRITE_EVERY
      const node = leaderOf(run)
      if (node !== undefined) session.act({ type: 'write', node, key: Math.round(at) % 3 })
    } else if (at > LASTS && back === undefined) {
      open(session)
      nextWrite = session.now + WRITE_EVERY
      nextCrash = session.now + CRASH_EVERY / 2
      session.play()
    }
  })
}
