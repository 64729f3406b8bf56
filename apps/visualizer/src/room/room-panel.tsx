/** The way into this room: its link, to copy, to open as one more node, or to show large to a class. */
import { useState } from 'react'
import { useSeats } from '../stage/stage.ts'
import { useActions, useLive, useQuorum } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { isCrowd } from '../trace-view/crowd.ts'
import { currentConfiguration, survivedBy } from '../trace-view/roster.ts'
import { nameOf } from '../trace-view/view.ts'
import { crowdWords } from '../words/crowd.ts'
import { live } from '../words/live.ts'
import { DoorSwitch } from './door.tsx'
import { invitation, isLoopback, isShared } from './room-address.ts'
import './room.css'

export function RoomPanel() {
  const room = useLive(state => state.room)
  const isRelinked = useLive(state => state.link !== undefined)
  // Whose links say from then on that the room is there.
  useLive(state => state.phase)
  const setCodeOpen = useUi(state => state.setCodeOpen)
  return (
    <section className="card room" aria-label={live().roomTitle}>
      <div className="card-head">
        <h2>{live().roomTitle}</h2>
        <strong className="room-name">
          <bdi>{room}</bdi>
        </strong>
      </div>
      <div className="room-body">
        <Membership />
        <Kept />
        <div className="room-buttons">
          <CopyLink address={invitation(room)} />
          <button type="button" className="button small" onClick={() => setCodeOpen(true)}>
            {isLoopback(new URL(invitation(room)).hostname) ? live().showLarge : live().showCode}
          </button>
          <ClassButton />
          <ListButton />
          <HealAll />
        </div>
        {isRelinked && (
          <p className="room-news" role="status">
            {live().newLink}
          </p>
        )}
        {isShared() && <DoorSwitch />}
      </div>
    </section>
  )
}

function Membership() {
  const seats = useSeats()
  const voters = useLive(state => currentConfiguration(state.view).voters.length)
  const quorum = useQuorum()
  const learners = seats.filter(seat => seat.standing === 'learner').length
  if (voters === 0) return <p className="room-hint">{live().noCluster}</p>
  const says =
    quorum === undefined || quorum.missing.length === 0
      ? live().members(voters, learners, Math.floor((voters - 1) / 2))
      : live().votersAway(voters, quorum.missing.length, survivedBy(quorum))
  return <p className="room-hint">{says}</p>
}

/** Who keeps the controls, where it is another tab. */
function Kept() {
  const keeper = useLive(state => (state.keeper === state.self ? undefined : state.keeper))
  const name = useLive(state => (keeper === undefined ? '' : nameOf(state.view, keeper)))
  return keeper === undefined ? null : <p className="room-hint room-news">{crowdWords().keptByShort(name)}</p>
}

function ClassButton() {
  const setClassOpen = useUi(state => state.setClassOpen)
  return (
    <button type="button" className="button small" onClick={() => setClassOpen(true)}>
      {crowdWords().class}
    </button>
  )
}

function ListButton() {
  const setListOpen = useUi(state => state.setListOpen)
  const isMany = useLive(state => isCrowd(state.view))
  if (!isMany) return null
  return (
    <button type="button" className="button small" onClick={() => setListOpen(true)}>
      {crowdWords().list}
    </button>
  )
}

function CopyLink({ address }: { readonly address: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | undefined>()
  const copy = () => {
    const done = (result: 'copied' | 'refused') => {
      setOutcome(result)
      setTimeout(() => setOutcome(undefined), 2_500)
    }
    if (navigator.clipboard === undefined) return done('refused')
    navigator.clipboard.writeText(address).then(
      () => done('copied'),
      () => done('refused'),
    )
  }
  return (
    <button type="button" className="button small room-copy" onClick={copy} aria-live="polite">
      {outcome === 'copied' ? live().copied : outcome === 'refused' ? live().copyYourself : live().copyLink}
    </button>
  )
}

function HealAll() {
  const actions = useActions()
  const cuts = useLive(state => {
    let cuts = 0
    for (const node of state.view.nodes.values()) cuts += node.cut.length
    return cuts
  })
  if (cuts === 0) return null
  return (
    <button type="button" className="button small" onClick={() => actions.healAll()}>
      {live().healLinks}
    </button>
  )
}
