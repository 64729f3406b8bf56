/**
 * `useSyncExternalStore` for what is selected: React has no such hook of its own, and the package that has is CommonJS, which costs
 * every bundle the means to load that.
 */
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'

/** `current` gives the same for as long as nothing changed. What is selected keeps its identity while `isEqual` finds it the same. */
export function useSelected<Whole, Part>(
  listen: (listener: () => void) => () => void,
  current: () => Whole,
  select: (whole: Whole) => Part,
  isEqual: (a: Part, b: Part) => boolean,
): Part {
  const shown = useRef<{ readonly part: Part }>(undefined)
  const selected = useMemo(() => {
    let last: { readonly whole: Whole; readonly part: Part } | undefined
    return () => {
      const whole = current()
      if (last !== undefined && Object.is(last.whole, whole)) return last.part
      const next = select(whole)
      // A `select` written in place is another at every render, and what it selects may be what is shown already.
      const before = last ?? shown.current
      const part = before !== undefined && isEqual(before.part, next) ? before.part : next
      last = { whole, part }
      return part
    }
  }, [current, select, isEqual])
  const part = useSyncExternalStore(listen, selected, selected)
  useEffect(() => {
    shown.current = { part }
  }, [part])
  return part
}
