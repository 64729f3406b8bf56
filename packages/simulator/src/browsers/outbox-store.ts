/** A browser's outbox as one page has it: told of after a while, noted in the ledger when it is on the disk, lost to a page that is gone. */
import type { HeldLine, OutboxStore } from '@flotilla/client'
import type { Random } from '../ground/random.ts'
import type { Page } from '../runtime/page.ts'
import type { BrowsersRoom } from './room.ts'

/** Whose disk it is. */
interface Owner {
  readonly room: BrowsersRoom
  readonly random: Random
  /** So often its disk was lost. */
  readonly generation: number
}

export function watchedOutbox(
  { room, random: browsersRandom, generation }: Owner,
  page: Page,
  store: OutboxStore,
): OutboxStore {
  const { timeline, ledger, application, marks } = room
  const random = browsersRandom.fork(`outbox/${page.name}`)

  /** Unless it is dead by now, the page asks its disk; what that says comes to it when it runs. */
  const asks = <T>(ask: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!page.emits()) return
      const later = (tell: () => void): void => timeline.after(random.tail(0, 1), () => page.enter(tell))
      ask().then(
        value => later(() => resolve(value)),
        (error: unknown) => later(() => reject(error)),
      )
    })

  const watched = (line: HeldLine): HeldLine => {
    let session = line.state.session
    return {
      ...line,
      write: change =>
        asks(async () => {
          try {
            await line.write(change)
          } catch (error) {
            marks.sometimes('outbox full')
            throw error
          }
          for (const { number, data } of change.added)
            ledger.onDisk(application.idOf(data), `${line.id} of disk ${generation}`, number)
          if (change.lost.some(({ outcome }) => outcome === undefined)) marks.sometimes('command told as lost')
          if (change.lost.some(({ outcome }) => outcome !== undefined))
            marks.sometimes('refusal kept for whoever looks')
          const next = change.state.session
          if (session > 0 && next > 0 && session !== next) marks.sometimes('command sent in a second session')
          if (next > 0) session = next
        }),
    }
  }

  return {
    take: async () => {
      const line = watched(await asks(() => store.take()))
      if (line.state.doneUpTo > 0 || line.commands.length > 0) marks.sometimes('line continued by a later page')
      return line
    },
    takeOrphan: async () => {
      const line = await asks(() => store.takeOrphan())
      if (line !== undefined) marks.sometimes('sent by another page than had saved it')
      return line && watched(line)
    },
    lost: () => asks(() => store.lost()),
    forget: lost => asks(() => store.forget(lost)),
  }
}
