/** What is stored here: this browser's nodes of every room, record by record, and what waits in their outboxes. Looking changes nothing. */
import { useState } from 'react'
import { Brand, DoorsNav } from '../doors/doors-nav.tsx'
import { LanguageButton } from '../doors/language-button.tsx'
import { ThemeButton } from '../doors/theme-button.tsx'
import { useTitle } from '../doors/use-title.ts'
import { doors } from '../words/doors.ts'
import { stored as words } from '../words/stored.ts'
import { RoomCard } from './room-card.tsx'
import { type Stored, useStored } from './use-stored.ts'
import './stored.css'

export default function StoredPage() {
  const { title, lead, again, insecure } = words()
  useTitle(doors().titled(title))
  return (
    <div className="stored-page">
      <header className="header">
        <Brand />
        <DoorsNav here={undefined} />
        <span className="header-right">
          <LanguageButton />
          <ThemeButton />
        </span>
      </header>
      <main className="stored">
        <h1>{title}</h1>
        <p className="stored-lead">{lead}</p>
        {isSecureContext ? <Looked again={again} /> : <p role="alert">{insecure}</p>}
      </main>
    </div>
  )
}

function Looked({ again }: { readonly again: string }) {
  const [stored, look] = useStored()
  const [deleted, setDeleted] = useState<string | undefined>(undefined)
  return (
    <>
      <p className="stored-bar">
        <button type="button" className="button" onClick={look}>
          {again}
        </button>
        <Usage stored={stored} />
      </p>
      <p className="stored-said" role="status">
        {stored.kind === 'reading' ? words().reading : deleted !== undefined && words().deleted(deleted)}
      </p>
      <Rooms
        stored={stored}
        onDeleted={room => {
          setDeleted(room)
          look()
        }}
      />
    </>
  )
}

function Usage({ stored }: { readonly stored: Stored }) {
  if (stored.kind !== 'read' || stored.disk === undefined) return null
  const { usage, isKept, mayGo } = words()
  return (
    <span>
      {usage(stored.disk.usedBytes)} {stored.disk.isKept ? isKept : mayGo}
    </span>
  )
}

function Rooms({ stored, onDeleted }: { readonly stored: Stored; readonly onDeleted: (room: string) => void }) {
  const { empty, emptyWhy, openRoom, failed, failedHow } = words()
  if (stored.kind === 'reading') return null
  if (stored.kind === 'failed')
    return (
      <section className="card stored-note" role="alert">
        <h2>{failed}</h2>
        <p>{failedHow}</p>
        <p>
          <q>{stored.message}</q>
        </p>
      </section>
    )
  if (stored.rooms.length === 0)
    return (
      <section className="card stored-note">
        <h2>{empty}</h2>
        <p>{emptyWhy}</p>
        <p>
          <a className="button primary" href="#/live">
            {openRoom}
          </a>
        </p>
      </section>
    )
  return stored.rooms.map(room => <RoomCard key={room.room} stored={room} onDeleted={() => onDeleted(room.room)} />)
}
