/** In place of Live, where the page is a file on disk. */
import { Brand, DoorsNav } from './doors-nav.tsx'

export function LiveElsewhere() {
  return (
    <>
      <header className="header">
        <Brand />
        <DoorsNav here="live" />
      </header>
      <main className="live-elsewhere">
        <h1>Live needs a server</h1>
        <p>
          This page is a file on disk, and in Live every tab is a node: tabs meet only where a page is served. On a
          machine with Node.js, <code>npm start</code> in the project’s folder serves it. Learn and the Lab are whole
          here.
        </p>
        <p>
          <a href="#/lab">Open the Lab</a>
        </p>
      </main>
    </>
  )
}
