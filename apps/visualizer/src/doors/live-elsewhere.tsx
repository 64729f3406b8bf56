/** In place of Live, where the page is a file on disk. */
import { doors } from '../words/doors.ts'
import { Brand, DoorsNav } from './doors-nav.tsx'

export function LiveElsewhere() {
  const words = doors().liveElsewhere
  return (
    <>
      <header className="header">
        <Brand />
        <DoorsNav here="live" />
      </header>
      <main className="live-elsewhere">
        <h1>{words.title}</h1>
        <p>
          {words.why} {words.how}
        </p>
        <p>
          <a href="#/lab">{words.openLab}</a>
        </p>
      </main>
    </>
  )
}
