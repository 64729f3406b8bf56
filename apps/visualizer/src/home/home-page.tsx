/** What this is, in ten seconds: a sentence, a picture that moves, and three doors. */
import { Suspense, useLayoutEffect } from 'react'
import { Brand, DoorsNav } from '../doors/doors-nav.tsx'
import { hasLive } from '../doors/has-live.ts'
import { LanguageButton } from '../doors/language-button.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { useProgress } from '../learn/progress.ts'
import { doors } from '../words/doors.ts'
import { home } from '../words/home.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { LabPicture, LearnPicture, LivePicture } from './door-pictures.tsx'
import './home.css'

/** It brings the simulator with it: the words come first. */
const MovingPicture = lazyPart(() => import('./moving-picture.tsx'))

export default function HomePage() {
  const words = home()
  useTitle(`Flotilla: ${words.title}`)
  useDoorKeys()
  return (
    <div className="home">
      <header className="header">
        <Brand />
        <DoorsNav here={undefined} />
        <span className="header-right">
          <LanguageButton />
          <ThemeButton />
        </span>
      </header>
      <main className="home-main">
        <div className="home-words">
          <h1>
            {words.heading[0]}
            <br />
            {words.heading[1]}
          </h1>
          <p className="home-lead">
            {words.lead.before}
            <strong>{words.lead.strong}</strong>
            {words.lead.after}
          </p>
          <Continue />
        </div>
        <section className="card home-picture" aria-label={words.picture}>
          <Suspense fallback={<p className="empty">{words.pictureStarts}</p>}>
            <MovingPicture />
          </Suspense>
        </section>
        <DoorCard href="#/learn" name={doors().learn} go={words.learn.go} picture={<LearnPicture />}>
          {words.learn.about}
        </DoorCard>
        <DoorCard href="#/lab" name={doors().lab} go={words.lab.go} picture={<LabPicture />}>
          {words.lab.about}
        </DoorCard>
        <DoorCard href="#/live" name={doors().live} go={words.live.go} picture={<LivePicture />}>
          {words.live.about}
        </DoorCard>
      </main>
      <footer className="home-foot">
        <span>{words.promise}</span>
        <nav aria-label={words.elsewhere}>
          {hasLive && <a href="#/stored">{words.stored}</a>}
          <a href="https://raft.github.io/raft.pdf">{words.paper}</a>
          <a href="https://raft.github.io">{words.more}</a>
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
  const words = home()
  const titles: Readonly<Record<string, string>> = words.lessons
  const known = useProgress(state => state.lessons)
  const latest = useProgress(state => state.latest)
  const ids = Object.keys(titles)
  const open = ids.find(id => !known[id]?.done)
  const here = latest !== undefined && latest in titles && !known[latest]?.done ? latest : open
  if (here === undefined)
    return (
      <section className="card home-next" aria-label={words.next}>
        <p className="home-where">{words.allDone}</p>
        <h2>{words.breakYourOwn}</h2>
        <Segments ids={ids} />
        <p>
          <a className="button primary" href="#/lab">
            {words.lab.go}
          </a>
        </p>
      </section>
    )
  const number = ids.indexOf(here) + 1
  const step = known[here]?.step ?? 0
  const isNew = Object.keys(known).length === 0
  return (
    <section className="card home-next" aria-label={words.next}>
      <p className="home-where">
        {isNew ? words.lessonOf(number, ids.length) : words.hereBefore(number, ids.length, step)}
      </p>
      <h2>{titles[here]}</h2>
      <Segments ids={ids} />
      <p>
        <a className="button primary" href={`#/learn/${here}/${step}`}>
          {isNew ? words.start(number) : words.go(number)}
        </a>
        {step > 0 && (
          <a className="button quiet" href={`#/learn/${here}/0`}>
            {words.fromStart}
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
    <div className="segments" role="img" aria-label={home().done(done, ids.length)}>
      {ids.map(id => (
        <i key={id} className={known[id]?.done ? 'done' : (known[id]?.step ?? 0) > 0 ? 'part' : ''} />
      ))}
    </div>
  )
}

function useDoorKeys(): void {
  // Before anything is painted: a key may be pressed as soon as the page can be seen.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const door = { '1': 'learn', '2': 'lab', '3': 'live' }[event.key]
      if (door !== undefined) location.hash = `#/${door}`
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
