/** The marks: crown, cross, and a shape for each kind of message. Drawn around 0,0, so that a transform places them. */

import type { MessageKind } from '../trace-view/messages-in-flight.ts'
import type { Presence } from '../trace-view/roster.ts'

export const CROWN = 'M -6 4.5 L -7 -4 L -3 -1 L 0 -6 L 3 -1 L 7 -4 L 6 4.5 Z'
export const CROSS = 'M -5 -5 L 5 5 M 5 -5 L -5 5'

export const MINUS = 'M -5 0 H 5'
/** A question mark, drawn: letters change with the font. */
export const QUESTION = 'M -3.4 -2.6 A 3.4 3.4 0 1 1 0 1.2 V 2.4 M 0 5.6 V 6'

/** One sign for each way of not being here, the same in the ring, the logs and the help. */
const PRESENCE_SHAPES: Record<Exclude<Presence, 'here'>, string> = {
  crashed: CROSS,
  closed: MINUS,
  unreachable: QUESTION,
}

export const MESSAGE_SHAPES: Record<MessageKind, string> = {
  append: 'M -4 -6.5 H 4 Q 6.5 -6.5 6.5 -4 V 4 Q 6.5 6.5 4 6.5 H -4 Q -6.5 6.5 -6.5 4 V -4 Q -6.5 -6.5 -4 -6.5 Z',
  vote: 'M 0 -8 L 8 0 L 0 8 L -8 0 Z',
  heartbeat: 'M 3.2 0 A 3.2 3.2 0 1 1 -3.2 0 A 3.2 3.2 0 1 1 3.2 0 Z',
  snapshot: 'M -7 -7.5 H 7 V -3.5 H -7 Z M -7 -2 H 7 V 2 H -7 Z M -7 3.5 H 7 V 7.5 H -7 Z',
  other: 'M -7 6 L 0 -7 L 7 6 Z',
}

/** Across a link that is cut. */
export const CUT = 'M -5 -9 L -5 9 M 5 -9 L 5 9'

/** On a link that is relayed: two ends, and a knot between them. */
export const RELAYED = 'M -8 -5 L 8 5 V -5 L -8 5 Z'
/** Which way. */
export const AHEAD = 'M -4 -5 L 2 0 L -4 5'

interface MessageMarkProps {
  readonly kind: MessageKind
  readonly answer?: boolean
  readonly lost?: boolean
}

/** One mark as it stands in a legend or beside a word. */
export function MessageMark({ kind, answer = false, lost = false }: MessageMarkProps) {
  return (
    <svg className="mark" viewBox="-9 -9 18 18" aria-hidden="true" opacity={lost ? 0.35 : undefined}>
      <path d={MESSAGE_SHAPES[kind]} className={answer ? 'message-answer' : 'message-question'} />
    </svg>
  )
}

export function CutMark() {
  return (
    <svg className="mark link-cut" viewBox="-14 -14 28 28" aria-hidden="true">
      <path d={CUT} transform="scale(1.3)" />
    </svg>
  )
}

export function RelayedMark() {
  return (
    <svg className="mark link-relayed" viewBox="-12 -12 24 24" aria-hidden="true">
      <path d={RELAYED} transform="scale(1.2)" />
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

/** Nothing for a node that is here. `PresenceSign` is the same, inside of a drawing. */
export function PresenceMark({ presence }: { readonly presence: Presence }) {
  if (presence === 'here') return null
  return (
    <svg className="mark presence" viewBox="-13 -13 26 26" aria-hidden="true">
      <PresenceSign presence={presence} />
    </svg>
  )
}

export function PresenceSign({ presence }: { readonly presence: Exclude<Presence, 'here'> }) {
  return (
    <g className="badge outline">
      <circle r={11} />
      <path d={PRESENCE_SHAPES[presence]} fill="none" />
    </g>
  )
}
