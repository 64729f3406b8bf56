/**
 * Who was invited to a board of which nobody is there, or nobody who can let them in: what helps, and, warned, a board made anew under
 * the same link.
 */
import type { useClusterStatus } from '@flotilla/react'
import { useEffect, useState } from 'react'
import { someone } from '../machine/board.ts'
import { usePeople } from '../people/people-present.ts'
import { useSession } from '../room/room-context.ts'
import { hashOf, type RoomLink } from '../room/room-link.ts'
import { Icon } from './icons.tsx'
import './banner.css'

/** Whoever is there lets somebody in long before. Milliseconds. */
const UNANSWERED_MS = 5_000

/** Whether this page has waited for somebody of the board for so long that it has to be said. */
export function useUnanswered({ members, hasQuorum }: ReturnType<typeof useClusterStatus>): boolean {
  const { link } = useSession()
  const isWaiting = link.joins === true && members.length === 0 && !hasQuorum
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isWaiting) return setLong(false)
    const timer = setTimeout(() => setLong(true), UNANSWERED_MS)
    return () => clearTimeout(timer)
  }, [isWaiting])
  return isWaiting && isLong
}

export function Unanswered() {
  const { link } = useSession()
  const [isWarned, warn] = useState(false)
  // Others who wait to be let in are no help.
  const there = usePeople().find(({ isWaiting }) => !isWaiting)
  if (there !== undefined) return <NotEnough name={someone(there.name)} />
  const words = isWarned ? forSure : told
  return (
    <div className="banner">
      <Icon name={isWarned ? 'warning' : 'people'} />
      <span>
        <strong>{words.title}</strong> {words.text}
      </span>
      {isWarned && (
        <button type="button" className="button small" onClick={() => foundAnew(link)}>
          Make it anew
        </button>
      )}
      <button type="button" className="button primary small" onClick={() => warn(!isWarned)}>
        {isWarned ? 'Wait on' : 'Make it anew …'}
      </button>
    </div>
  )
}

/** The board is not lost: whoever has it only lacks a majority. */
function NotEnough({ name }: { readonly name: string }) {
  return (
    <div className="banner">
      <Icon name="people" />
      <span>
        <strong>
          <bdi>{name}</bdi> is here, and cannot let anybody in yet.
        </strong>{' '}
        Too few of those who decide are here. Keep this page open: it joins as soon as enough of them are back.
      </span>
    </div>
  )
}

const told = {
  title: 'Nobody of this board is here yet.',
  text: 'Keep this page open: it joins as soon as somebody is. Or ask who gave you the link to open the board, in the browser that had it.',
}

const forSure = {
  title: 'Make this board anew?',
  text: 'Only if it is lost for good. The new one begins empty, and if somebody comes back with the old one, there are two that never become one.',
}

/** By the link without `&join`: who is there after all is joined even then. */
function foundAnew({ room, key }: RoomLink): void {
  history.replaceState(null, '', hashOf({ room, ...(key !== undefined && { key }) }))
  location.reload()
}
