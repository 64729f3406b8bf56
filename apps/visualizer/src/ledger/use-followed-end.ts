/** Where a ledger that follows its end is scrolled to: there, until the reader scrolls away, and then it stays at their entry. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { isAtTail } from './window.ts'

interface FollowedEnd {
  readonly scroller: RefObject<HTMLElement | null>
  /** How far the columns are scrolled, in pixels. */
  readonly left: number
  readonly following: boolean
  follow(): void
  onScroll(): void
}

/**
 * @param end how far to scroll to be at the end; `cell`: a column's width. Both in pixels, and both change with the window.
 * @param base the index before the first column, which moves when the log's beginning is given up
 */
export function useFollowedEnd(sheet: {
  readonly end: number
  readonly cell: number
  readonly base: number
}): FollowedEnd {
  const { end, cell, base } = sheet
  const scroller = useRef<HTMLElement | null>(null)
  /** The index at the left edge, and how much of its column is out of sight: `undefined` at the end. */
  const [reading, setReading] = useState<number>()
  const following = reading === undefined
  const left = following ? end : Math.min(end, Math.max(0, (reading - base) * cell))

  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollLeft = left
  }, [left])

  const onScroll = () => {
    const element = scroller.current
    if (element === null) return
    // A window that grows is scrolled back by the browser: the reader did nothing, and is still at the end.
    const { scrollLeft, clientWidth, scrollWidth } = element
    const isEnd = isAtTail(scrollLeft, clientWidth, Math.min(scrollWidth, end + clientWidth), cell)
    setReading(isEnd ? undefined : base + scrollLeft / cell)
  }
  return { scroller, left, following, follow: () => setReading(undefined), onScroll }
}
