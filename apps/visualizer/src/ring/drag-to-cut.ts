/** Pointer on the ring: a click selects a node, a drag from one node to another cuts (or heals) the link between them. */
import type { NodeId } from '@flotilla/core'
import { type PointerEvent, useRef, useState } from 'react'
import type { Point } from './boxes.ts'

/** Less than this is a click with an unsteady hand. Pixels. */
const DRAG_THRESHOLD = 8

interface DragOptions {
  onSelect(node: NodeId): void
  readonly onMessage: ((id: string) => void) | undefined
  /** Which message is drawn there. */
  messageAt(point: Point): string | undefined
  /** Where it is missing, a drag does nothing. */
  readonly onJoin: ((from: NodeId, to: NodeId) => void) | undefined
}

export function useDragToCut({ onSelect, onMessage, messageAt, onJoin }: DragOptions) {
  const start = useRef<{ readonly node: NodeId; readonly x: number; readonly y: number } | undefined>(undefined)
  const [drag, setDrag] = useState<{
    readonly from: NodeId
    readonly pointer: Point
    readonly over: NodeId | undefined
  }>()

  const end = () => {
    start.current = undefined
    setDrag(undefined)
  }
  const handlers = {
    onPointerDown(event: PointerEvent<SVGSVGElement>) {
      const node = nodeAt(event)
      if (event.button !== 0) return
      const message = event.target instanceof Element ? event.target.closest('[data-message]') : null
      const id = message?.getAttribute('data-message') ?? (node === undefined ? messageAt(toDrawing(event)) : undefined)
      if (id && onMessage) return onMessage(id)
      if (node === undefined) return
      start.current = { node, x: event.clientX, y: event.clientY }
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent<SVGSVGElement>) {
      const from = start.current
      if (from === undefined || onJoin === undefined) return
      if (drag === undefined && Math.hypot(event.clientX - from.x, event.clientY - from.y) < DRAG_THRESHOLD) return
      const over = nodeAt(event)
      setDrag({ from: from.node, pointer: toDrawing(event), over: over === from.node ? undefined : over })
    },
    onPointerUp(event: PointerEvent<SVGSVGElement>) {
      const from = start.current
      if (from === undefined) return
      const over = nodeAt(event)
      if (drag === undefined) onSelect(from.node)
      else if (over !== undefined && over !== from.node) onJoin?.(from.node, over)
      end()
    },
    onPointerCancel: end,
  }
  return { handlers, from: drag?.from, pointer: drag?.pointer, over: drag?.over }
}

/** Under the pointer, whatever element has captured it. */
function nodeAt(event: PointerEvent): NodeId | undefined {
  const target = document.elementFromPoint(event.clientX, event.clientY)
  return target?.closest('[data-node]')?.getAttribute('data-node') ?? undefined
}

function toDrawing(event: PointerEvent<SVGSVGElement>): Point {
  const matrix = event.currentTarget.getScreenCTM()
  if (matrix === null) return { x: 0, y: 0 }
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
  return { x, y }
}
