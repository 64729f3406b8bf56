/** Watches a room that another application of this browser has open, and makes the picture of what its nodes tell. */
import { watchRoom } from '@flotilla/browser-node/watch'
import type { NodeId } from '@flotilla/core'
import type { Live } from '../store/live-context.ts'
import { createLiveStore } from '../store/live-store.ts'
import { Picture } from '../store/picture.ts'
import { emptyView } from '../trace-view/view.ts'
import { watch } from '../words/watch.ts'
import type { WatchedRoom } from './address.ts'
import { namesSaid } from './names.ts'
import { checkTelling } from './told-telling.ts'

export interface Watching {
  readonly live: Live
  close(): void
}

export function watching({ room, name }: WatchedRoom): Watching {
  const store = createLiveStore(name)
  let isLost = false
  // What nobody tells any more is not shown as if it still were so.
  const picture = new Picture(seen => store.setState(isLost ? { ...seen, view: emptyView } : seen))

  /** Of the node through which all is seen, and not of this page. */
  const identify = (id: NodeId): void => {
    if (store.getState().self === id) return
    picture.self = { id, now: () => performance.now() }
    store.setState({ self: id })
  }
  const names = namesSaid((node, called) => picture.called(node, [[node, called]]))
  const stop = watchRoom({
    room,
    open: isOpen => {
      isLost = !isOpen
      if (isOpen) store.setState({ problem: undefined, view: picture.view })
      else store.setState({ problem: nobodyHasIt, view: emptyView, self: undefined })
    },
    status: ({ id, state }) => {
      identify(id)
      store.setState({ phase: state })
    },
    said: said => names.hear(said),
    seen: ({ from, telling }) => {
      if (store.getState().self === undefined) identify(from)
      picture.heard(from, () => {
        const told = checkTelling(telling, from)
        return told && { events: told.events, now: told.now, catchUp: told.isBeginning, leftOut: 0 }
      })
    },
  })
  return {
    live: { store, actions: undefined, picture },
    close() {
      stop()
      names.close()
    },
  }
}

const nobodyHasIt = {
  get title() {
    return watch().nobody
  },
  get advice() {
    return watch().nobodyWhy
  },
  remedy: 'wait',
} as const
