/** The room inside an element's padding, in CSS pixels: before the first paint, and whenever it changes. */
import { type RefCallback, useCallback, useState } from 'react'

interface Size {
  readonly width: number
  readonly height: number
}

export function useSize<T extends HTMLElement>(first: Size): readonly [RefCallback<T>, Size] {
  const [size, setSize] = useState(first)
  const attach = useCallback((element: T | null) => {
    if (element === null) return undefined
    const take = ({ width, height }: Size) => {
      // A view that is not shown measures nothing: keep what it was.
      if (width > 0 && height > 0)
        setSize(now => (now.width === width && now.height === height ? now : { width, height }))
    }
    take(measure(element))
    const observer = new ResizeObserver(() => take(measure(element)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [attach, size]
}

function measure(element: HTMLElement): Size {
  const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(element)
  return {
    width: element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight),
    height: element.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom),
  }
}
