/** What this is, in ten seconds: a sentence, a picture that moves, and three doors. */
import { lazy, Suspense, useEffect } from 'react'
import { Brand, DoorsNav } from '../doors/doors-nav.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { useProgress } from '../learn/progress.ts'
import { LabPicture, LearnPicture, LivePicture } from './door-pictures.tsx'
import { lessonTitles } from './lesson-titles.ts'
import './home.css'

/** It brings the simulator with it: the words come first. */
const MovingPicture = lazy(() => import('./moving-picture.tsx'))

export default function HomePage() {
  useTitle('Flotilla: Raft you can see')
  useDoorKeys()
  return (
    <div className="home">
      <header className="header">
        <Brand />
        <DoorsNav here={undefined} />
        <span className="header-right">
          <ThemeButton />
        </span>
      </header>
      <main className="home-main">
        <div className="home-words">
          <h1>
            Raft
            <br />
            you can see.
          </h1>
          <p className="home-lead">
            Raft keeps one log on several computers, even when some of them fail. Here you watch{' '}
            <strong>every vote, message and entry</strong>, and find out why each rule is there.
          </p>
          <Continue />
        </div>
        <section className="card home-picture" aria-label="A cluster at work">
          <Suspense fallback={<p className="empty">A cluster of five is starting …</p>}>
            <MovingPicture />
          </Suspense>
        </section>
        <DoorCard href="#/learn" name="Learn" go="All lessons" picture={<LearnPicture />}>
          Sixteen short lessons. You predict what happens next, and the run shows whether you were right.
        </DoorCard>
        <DoorCard href="#/lab" name="Lab" go="Open the Lab" picture={<LabPicture />}>
          A cluster to break: crash nodes, cut links, lose messages. Then rewind, and ask why it held.
        </DoorCard>
        <DoorCard href="#/live" name="Live" go="Open a room" picture={<LivePicture />}>
          Your own tabs, laptops and phones are the nodes. Open a room, pass on the link, close a tab.
        </DoorCard>
      </main>
      <footer className="home-foot">
        <span>No account. Nothing leaves this browser.</span>
        <nav aria-label="Elsewhere">
          <a href="https://raft.github.io/raft.pdf">The Raft paper</a>
          <a href="https://raft.github.io">More on Raft</a>
        </nav>
      </footer>
    </div>
  )
}

function DoorCard(props: {
  readonly href: string
  readonly name: string
  readonly go: string
  readonly picture: React.ReactNode
  readonly children: string
}) {
  return (
    <a className="card door" href={props.href}>
      <span className="door-picture" aria-hidden="true">
        {props.picture}
      </span>
      <span className="door-words">
        <strong>{props.name}</strong>
        <span>{props.children}</span>
        <em>
          {props.go} <span aria-hidden="true">→</span>
        </em>
      </span>
    </a>
  )
}

/** The one thing to do next: where one was, or the first lesson, or, when all are done, the Lab. */
function Continue() {
  const known = useProgress(state => state.lessons)
  const latest = useProgress(state => state.latest)
  const ids = Object.keys(lessonTitles)
  const open = ids.find(id => !known[id]?.done)
  const here = latest !== undefined && latest in lessonTitles && !known[latest]?.done ? latest : open
  if (here === undefined)
    return (
      <section className="card home-next" aria-label="What next">
        <p className="home-where">All sixteen lessons are done.</p>
        <h2>Now break something of your own</h2>
        <Segments ids={ids} />
        <p>
          <a className="button primary" href="#/lab">
            Open the Lab
          </a>
        </p>
      </section>
    )
  const number = ids.indexOf(here) + 1
  const step = known[here]?.step ?? 0
  const isNew = Object.keys(known).length === 0
  return (
    <section className="card home-next" aria-label="What next">
      <p className="home-where">
        {isNew ? `Lesson ${number} of ${ids.length}` : `You were here: lesson ${number} of ${ids.length}, step ${step}`}
      </p>
      <h2>{lessonTitles[here]}</h2>
      <Segments ids={ids} />
      <p>
        <a className="button primary" href={`#/learn/${here}/${step}`}>
          {isNew ? `Start lesson ${number}` : `Continue lesson ${number}`}
        </a>
        {step > 0 && (
          <a className="button quiet" href={`#/learn/${here}/0`}>
            From its start
          </a>
        )}
      </p>
    </section>
  )
}

function Segments({ ids }: { readonly ids: readonly string[] }) {
  const known = useProgress(state => state.lessons)
  const done = ids.filter(id => known[id]?.done).length
  return (
    <div className="segments" role="img" aria-label={`${done} of ${ids.length} lessons done`}>
      {ids.map(id => (
        <i key={id} className={known[id]?.done ? 'done' : (known[id]?.step ?? 0) > 0 ? 'part' : ''} />
      ))}
    </div>
  )
}

function useDoorKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const door = { '1': 'learn', '2': 'lab', '3': 'live' }[event.key]
      if (door !== undefined) location.hash = `#/${door}`
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
