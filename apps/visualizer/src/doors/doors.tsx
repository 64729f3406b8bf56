/** The doors that need no node: the Lab. Live begins the page again, because a node belongs to one room. */
import { lazy, Suspense, useSyncExternalStore } from 'react'
import { type Door, doorOf } from './door.ts'
import { useTheme } from './theme-button.tsx'
import '../style/tokens.css'
import '../style/base.css'
import '../shell/shell.css'
import './doors.css'

const Lab = lazy(() => import('../lab/lab-page.tsx'))

export function Doors() {
  useTheme()
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  return (
    <Suspense fallback={<p className="door-opens">One moment …</p>}>
      <Opened door={doorOf(hash)} />
    </Suspense>
  )
}

function Opened({ door }: { readonly door: Door }) {
  switch (door.kind) {
    case 'lab':
      return <Lab />
    case 'live':
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
