/** An element's size in CSS pixels, now and whenever it changes. */
import { type RefCallback, useCallback, useState } from 'react'

export interface Size {
  readonly width: number
  readonly height: number
}

export function useSize<T extends Element>(first: Size): readonly [RefCallback<T>, Size] {
  const [size, setSize] = useState(first)
  const attach = useCallback((element: T | null) => {
    if (element === null) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      const { width, height } = entry.contentRect
      // A view that is not shown measures nothing: keep what it was.
      if (width > 0 && height > 0)
        setSize(now => (now.width === width && now.height === height ? now : { width, height }))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [attach, size]
}
