/** Columns of the logs that have room for their terms alone: all of a log like those of the paper's figures is in sight then. Pure. */
import { entriesBetween, type LogView } from '../trace-view/log-view.ts'
import './terms-alone.css'

/** In rem: the most, the least, and the least where a term has two digits. */
const MOST = 2.9
const ONE_DIGIT = 1.15
const TWO_DIGITS = 1.75

/**
 * How wide they are, where columns of the usual width would not show all of it, and these do. Only where all entries say the
 * same: terms are all that such logs differ in, and nothing is lost if nothing else is seen.
 *
 * @param columns how many it takes to see all of it
 */
export function termsAlone(
  logs: readonly LogView[],
  columns: number,
  widthInRem: number,
  usual: number,
): number | undefined {
  const fitting = Math.min(MOST, Math.floor((widthInRem / columns) * 20) / 20)
  if (columns * usual <= widthInRem || fitting < ONE_DIGIT) return
  const entries = logs.flatMap(log => entriesBetween(log, log.firstIndex, log.lastIndex))
  const said = new Set(entries.filter(({ kind }) => kind !== 'noop').map(({ text }) => text))
  const isWide = entries.some(({ kind, term }) => kind === 'configuration' || (fitting < TWO_DIGITS && term > 9))
  return said.size > 1 || isWide ? undefined : fitting
}
