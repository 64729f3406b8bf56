/** The run that a tab looked at last, as its link: there again after a reload, or after another page. It goes with the tab. */
import { Run } from '@flotilla/simulator/lab'
import type { LabSession } from './session.ts'

const KEY = 'flotilla:lab'
/** Not after every event. Wall milliseconds. */
const KEPT_EVERY = 500

/** As an address says it, after `#/lab/`. */
export function lastRun(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}

/** From now on, until the function that it gives is called: that keeps what is shown then, and resolves when it has. */
export function keepLastRun(session: LabSession): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing = Promise.resolve()
  const write = (): void => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(() => keepNow(session))
  }
  const stop = session.store.subscribe(() => {
    timer ??= setTimeout(write, KEPT_EVERY)
  })
  return () => {
    stop()
    if (timer !== undefined) write()
    return writing
  }
}

/** Nobody has done anything here yet, and no time has passed. */
export const isUntouched = ({ store, run }: LabSession): boolean =>
  store.getState().runs.length === 1 && run.steps.length === 1 && run.now === 0

async function keepNow(session: LabSession): Promise<void> {
  const { run, store } = session
  if (!(run instanceof Run) || isUntouched(session)) return
  try {
    const { addressOfRun } = await import('./share.ts')
    sessionStorage.setItem(KEY, await addressOfRun(run, store.getState().step))
  } catch {
    // Storage may be forbidden: then the run is gone with the page, and everything works.
  }
}
