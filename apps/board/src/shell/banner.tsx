/** What a person can rely on right now, when it is not everything. It pushes the page down once, and is read out politely. */
import { useClusterStatus } from '@flotilla/react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useNames } from '../people/people-present.ts'
import { Icon } from './icons.tsx'
import { JoinAgain, type NotJoined } from './join-again.tsx'
import { useLostForLong } from './lost-for-long.ts'
import { useUi } from './ui.ts'
import { Unanswered, useUnanswered } from './unanswered.tsx'
import './banner.css'

/** For so long it says that all was sent. Milliseconds. */
const DONE_MS = 4_000

export function Banner() {
  const status = useClusterStatus()
  const isOnline = useSyncExternalStore(onNetwork, () => navigator.onLine)
  // A browser may think it has no network, and reach the others all the same.
  const isAlone = !status.isReachable || (!isOnline && !status.hasQuorum)
  const [notJoined, setNotJoined] = useState<NotJoined | undefined>(undefined)
  const words: Words | undefined =
    notJoined === undefined
      ? wordsFor(status, isAlone)
      : { icon: 'warning', ...notJoined, count: 0, isLeftBehind: true }
  const done = useDone(words !== undefined, status.pending)
  const isUnanswered = useUnanswered(status) && !isAlone
  const isLost = useLostForLong(status) && !isAlone
  const openDialog = useUi(ui => ui.openDialog)
  const shown = words ?? done
  return (
    <div role="status" className="banner-place">
      {isUnanswered && <Unanswered />}
      {!isUnanswered && shown !== undefined && (
        <div className="banner">
          <Icon name={shown.icon} />
          <span>
            <strong>{shown.title}</strong> {shown.text}{' '}
            {shown.lacking !== undefined && <Missing lacking={shown.lacking} />}
          </span>
          {shown.count > 0 && (
            <span className="tally">
              {shown.count}
              <span className="visually-hidden"> changes waiting</span>
            </span>
          )}
          {isLost && (
            <button type="button" className="button small" onClick={() => openDialog('give-up')}>
              Go on without them …
            </button>
          )}
          {shown.isLeftBehind === true && <JoinAgain onProblem={setNotJoined} />}
          {shown.isReloadDue === true && (
            <button type="button" className="button primary small" onClick={() => location.reload()}>
              Load it anew
            </button>
          )}
        </div>
      )}
    </div>
  )
}

interface Words {
  readonly icon: 'offline' | 'people' | 'tick' | 'warning'
  readonly title: string
  readonly text: string
  readonly count: number
  /** So many of those who are missing would be enough to go on. */
  readonly lacking?: number
  readonly isReloadDue?: true
  readonly isLeftBehind?: true
}

type Status = ReturnType<typeof useClusterStatus>

function wordsFor(status: Status, isAlone: boolean): Words | undefined {
  if (status.outdated.length > 0) return outdated
  if (status.ended !== undefined) return { ...ended, text: `${status.ended}.` }
  if (status.state === 'failed') return failed(status)
  if (isAlone) return offline(status)
  return status.hasQuorum ? undefined : noMajority(status)
}

const outdated: Words = {
  icon: 'warning',
  title: 'This page is older than the board.',
  text: 'Somebody has a newer version. Nothing is lost; what you see stands still until you load the page anew.',
  count: 0,
  isReloadDue: true,
}

/** What trying again does not help against. */
const stoppedBy: Partial<Record<NonNullable<Status['failure']>, Pick<Words, 'title' | 'text' | 'isLeftBehind'>>> = {
  Diverged: {
    title: 'This browser came to another board than the others.',
    text: 'They go on, and nothing is lost there. Load the page anew; if this comes back, clear what the browser stores for this site and open the board’s link.',
  },
  LeftBehind: {
    title: 'The board went on without this browser.',
    text: 'Somebody gave up those who were missing. What only this browser has is not on the board, and is deleted when you join again.',
    isLeftBehind: true,
  },
  Fenced: { title: 'Another tab has taken the board over.', text: 'Load the page anew to go on here.' },
  InvariantBroken: {
    title: 'This browser’s node stopped itself, to lose nothing.',
    text: 'What is committed is safe with the others. Load the page anew.',
  },
  MachineFailed: {
    title: 'This page cannot take up the board.',
    text: 'It may be older than the others’. Load it anew.',
  },
}

const ended: Words = { icon: 'warning', title: 'This page cannot go on.', text: '', count: 0, isReloadDue: true }

function failed({ unsaved, failure }: Status): Words {
  const stopped = failure === undefined ? undefined : stoppedBy[failure]
  if (stopped?.isLeftBehind) return { icon: 'warning', ...stopped, count: unsaved }
  if (stopped !== undefined) return { icon: 'warning', ...stopped, count: unsaved, isReloadDue: true }
  const text =
    'Make some room on it: it is tried again and again, and nothing of what was saved is lost. What you do meanwhile may not be kept.'
  return { icon: 'warning', title: 'The disk of this device is full, or fails.', text, count: unsaved }
}

/** Only these would be lost with this device: what was sent, others have. */
const onlyHere = ({ pending, sent }: Status): number => pending - sent

const changes = (count: number): string => (count === 1 ? '1 change is' : `${count} changes are`)

function offline(status: Status): Words {
  const pending = onlyHere(status)
  const text =
    pending === 0 ? 'You can go on: changes are sent later.' : `${changes(pending)} kept here and will be sent.`
  return { icon: 'offline', title: 'You are offline.', text, count: pending }
}

function noMajority(status: Status): Words {
  const { members, missing, noQuorumSince } = status
  const pending = onlyHere(status)
  const voters = members.filter(({ voter }) => voter).length
  const reached = voters - missing.length
  const waits = pending === 0 ? 'You can go on: changes wait here.' : `${changes(pending)} kept here.`
  const kept = noQuorumSince === undefined ? waits : `Not since ${timeOf(noQuorumSince)}. ${waits}`
  if (voters === 0) return { icon: 'people', title: 'Looking for the others.', text: '', count: pending }
  const needed = Math.floor(voters / 2) + 1
  const title =
    reached >= needed ? 'The others are choosing a leader.' : `${needed} of ${voters} must agree; you reach ${reached}.`
  const lacking = needed - reached
  return { icon: 'people', title, text: kept, count: pending, ...(lacking > 0 && { lacking }) }
}

/** For whom it waits. Nobody tells a server from a browser; who said a name has a device, and can open the board on it. */
function Missing({ lacking }: { readonly lacking: number }) {
  const { members } = useClusterStatus()
  const people = useNames()
  const missing = members.filter(({ voter, connected }) => voter && !connected)
  const names = missing.map(({ id, name }) => people.get(id) ?? name)
  const all = inWords(names, 'conjunction')
  const enough = lacking === names.length ? all : `${lacking} of ${all}`
  const who = lacking === 1 ? inWords(names, 'disjunction') : enough
  const mayBeServers = missing.some(({ id }) => !people.has(id))
  if (mayBeServers && missing.length === 1)
    return `It waits for ${who}, which may be a server: start that again, or open the board on the device that had it.`
  const devices = lacking === 1 ? 'one more device' : `${lacking} more devices`
  const servers = mayBeServers ? '; a server has to be started again' : ''
  return `It waits for ${who}. Open the board on ${devices} that had it${servers}.`
}

const inWords = (names: readonly string[], type: 'conjunction' | 'disjunction'): string =>
  new Intl.ListFormat('en', { type }).format(names)

/** With the day, where it is not today. */
function timeOf(at: number): string {
  const date = new Date(at)
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday ? date.toLocaleTimeString('en', { timeStyle: 'short' }) : date.toLocaleString('en', shortDate)
}

const shortDate = { dateStyle: 'medium', timeStyle: 'short' } as const

/** For a moment after changes had to wait and no longer do. */
function useDone(isBad: boolean, pending: number): Words | undefined {
  const [done, setDone] = useState<Words | undefined>(undefined)
  const waited = useRef(0)
  useEffect(() => {
    if (isBad) waited.current = Math.max(waited.current, pending)
    else if (pending === 0 && waited.current > 0) {
      const text = waited.current === 1 ? '1 change is committed.' : `${waited.current} changes are committed.`
      waited.current = 0
      setDone({ icon: 'tick', title: 'Sent.', text, count: 0 })
    }
  }, [isBad, pending])
  useEffect(() => {
    if (done === undefined) return
    const timer = setTimeout(() => setDone(undefined), DONE_MS)
    return () => clearTimeout(timer)
  }, [done])
  return isBad ? undefined : done
}

function onNetwork(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}
