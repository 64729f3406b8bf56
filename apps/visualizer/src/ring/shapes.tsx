/** The marks: crown, cross, and a shape for each kind of message. Drawn around 0,0, so that a transform places them. */
import type { MessageKind } from '../trace-view/messages-in-flight.ts'

export const CROWN = 'M -6 4.5 L -7 -4 L -3 -1 L 0 -6 L 3 -1 L 7 -4 L 6 4.5 Z'
export const CROSS = 'M -5 -5 L 5 5 M 5 -5 L -5 5'

export const MESSAGE_SHAPES: Record<MessageKind, string> = {
  append: 'M -4 -6.5 H 4 Q 6.5 -6.5 6.5 -4 V 4 Q 6.5 6.5 4 6.5 H -4 Q -6.5 6.5 -6.5 4 V -4 Q -6.5 -6.5 -4 -6.5 Z',
  vote: 'M 0 -8 L 8 0 L 0 8 L -8 0 Z',
  heartbeat: 'M 3.2 0 A 3.2 3.2 0 1 1 -3.2 0 A 3.2 3.2 0 1 1 3.2 0 Z',
  snapshot: 'M -7 -7.5 H 7 V -3.5 H -7 Z M -7 -2 H 7 V 2 H -7 Z M -7 3.5 H 7 V 7.5 H -7 Z',
  other: 'M -7 6 L 0 -7 L 7 6 Z',
}

/** One mark as it stands in a legend or beside a word. */
export function MessageMark({ kind, answer = false }: { readonly kind: MessageKind; readonly answer?: boolean }) {
  return (
    <svg className="mark" viewBox="-9 -9 18 18" aria-hidden="true">
      <path d={MESSAGE_SHAPES[kind]} className={answer ? 'message-answer' : 'message-question'} />
    </svg>
  )
}

export function CrownMark() {
  return (
    <svg className="mark" viewBox="-9 -9 18 18" aria-hidden="true">
      <path d={CROWN} fill="currentColor" />
    </svg>
  )
}
