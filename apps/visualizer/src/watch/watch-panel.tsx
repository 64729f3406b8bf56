/** What is watched, through which node, and the way back to it. */
import { useLive } from '../store/live-context.ts'
import { currentConfiguration } from '../trace-view/roster.ts'
import { nameOf } from '../trace-view/view.ts'
import { live } from '../words/live.ts'
import { watch } from '../words/watch.ts'
import type { WatchedRoom } from './address.ts'

export function WatchPanel({ watched }: { readonly watched: WatchedRoom }) {
  const voters = useLive(state => currentConfiguration(state.view).voters.length)
  const through = useLive(state => (state.self === undefined ? undefined : nameOf(state.view, state.self)))
  const isOpen = useLive(state => state.problem === undefined)
  const words = watch()
  return (
    <section className="card room" aria-label={live().roomTitle}>
      <div className="card-head">
        <h2>{live().roomTitle}</h2>
        <strong className="room-name">
          <bdi>{watched.name}</bdi>
        </strong>
      </div>
      <div className="room-body">
        {voters > 0 && <p className="room-hint">{words.survives(voters, Math.floor((voters - 1) / 2))}</p>}
        {isOpen && through !== undefined && <p className="room-hint">{words.through(through)}</p>}
        <p className="room-hint">{words.onlyLooks}</p>
        <div className="room-buttons">
          <BackLink watched={watched} />
        </div>
      </div>
    </section>
  )
}

export function BackLink({
  watched,
  isPrimary = false,
}: {
  readonly watched: WatchedRoom
  readonly isPrimary?: boolean
}) {
  const { back } = watched
  if (back === undefined) return null
  return (
    <a className={isPrimary ? 'button primary' : 'button small'} href={back} target="_blank" rel="noopener">
      {watch().back}
    </a>
  )
}
