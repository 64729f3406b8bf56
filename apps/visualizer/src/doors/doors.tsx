/** The doors that need no node: home, Learn and the Lab. Live begins the page again, because a node belongs to one room. */
import { Suspense, useSyncExternalStore } from 'react'
import { doors } from '../words/doors.ts'
import { lazyPart } from '../words/lazy-part.ts'
import { useLanguage } from '../words/use-language.ts'
import { type Door, doorOf } from './door.ts'
import { hasLive } from './has-live.ts'
import { LiveElsewhere } from './live-elsewhere.tsx'
import { useTheme } from './theme-button.tsx'
import '../shell/page.css'
import './doors.css'

const Home = lazyPart(() => import('../home/home-page.tsx'))
const Learn = lazyPart(() => import('../learn/learn-page.tsx'))
const LessonRoom = lazyPart(() => import('../learn/lesson-page.tsx'))
/** Some lessons are of modified Raft. */
const Present = lazyPart(async () => {
  const [page, { loadSwitches }] = await Promise.all([
    import('../present/present-page.tsx'),
    import('@flotilla/simulator/lab'),
  ])
  await loadSwitches()
  return page
})
const Lab = lazyPart(() => import('../lab/lab-page.tsx'))

const Watch = hasLive ? lazyPart(() => import('../watch/watch-page.tsx')) : LiveElsewhere
const Stored = hasLive ? lazyPart(() => import('../stored/stored-page.tsx')) : LiveElsewhere

export function Doors() {
  useTheme()
  useLanguage()
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  return (
    <Suspense fallback={<p className="door-opens">{doors().loading}</p>}>
      <Opened door={doorOf(hash)} />
    </Suspense>
  )
}

function Opened({ door }: { readonly door: Door }) {
  switch (door.kind) {
    case 'home':
      return <Home />
    case 'learn':
      return <Learn />
    case 'lesson':
      return <LessonRoom address={door.rest} base="learn" />
    case 'embed':
      return (
        <div className="embedded">
          {door.rest.startsWith('run=') ? (
            <Lab key={door.rest} address={door.rest} base="embed" />
          ) : (
            <LessonRoom address={door.rest} base="embed" />
          )}
        </div>
      )
    case 'present':
      return <Present address={door.rest} />
    case 'lab':
      return <Lab key={door.rest} address={door.rest} base="lab" />
    case 'watch':
      return <Watch key={door.rest} address={door.rest} />
    case 'stored':
      return <Stored />
    case 'live':
      if (!hasLive) return <LiveElsewhere />
      location.reload()
      return null
    default:
      return door satisfies never
  }
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange)
  return () => removeEventListener('hashchange', onChange)
}
