/** The page's signs: lines of one weight on a grid of 20. */
import type { ReactNode } from 'react'
import './icons.css'

const paths = {
  undo: <path d="M7 4.5L3.5 8 7 11.5M3.5 8h8a4 4 0 0 1 0 8H8" />,
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  tick: <path d="M4.5 10.5l3.6 3.5 7.4-8" />,
  saved: <path d="M10 3.5v8M6.8 8.5l3.2 3.2 3.2-3.2M4 12.5v3.5h12v-3.5" />,
  sent: <path d="M10 14V4.5M6.5 8L10 4.5 13.5 8M4 16.5h12" />,
  arrow: <path d="M4 10h11.5M11 5.5l4.5 4.5-4.5 4.5" />,
  board: <path d="M4 4.5h3.5v11H4zM8.25 4.5h3.5v7h-3.5zM12.5 4.5H16v9h-3.5z" />,
  list: <path d="M8 5h8M8 10h8M8 15h8M4 5h.5M4 10h.5M4 15h.5" />,
  people: (
    <path d="M7.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 16a4.5 4.5 0 0 1 9 0M13 9.3a2.3 2.3 0 1 0-.6-4.4M14 12.2a4 4 0 0 1 3 3.8" />
  ),
  raft: (
    <path d="M10 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4.5 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM15.5 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 5.8l-3.5 6.9M11 5.8l3.5 6.9M6.5 14.5h7" />
  ),
  offline: (
    <path d="M3 3l14 14M6.2 8.6A6.5 6.5 0 0 0 4 10M8.2 5.4A9.6 9.6 0 0 1 17.5 8.4M2.5 8.4a9.6 9.6 0 0 1 2.6-1.9M12.4 9A6.5 6.5 0 0 1 16 10.9M7 13.2a4.3 4.3 0 0 1 4.2-1M10 16h.01" />
  ),
  comment: <path d="M4 4.5h12v8.5H9l-3.5 3V13H4z" />,
  more: <path strokeWidth="2.8" d="M5 10h.01M10 10h.01M15 10h.01" />,
  warning: <path d="M10 3.5l7 12.5H3zM10 8.5v3.5M10 14h.01" />,
} as const satisfies Record<string, ReactNode>

export function Icon({ name, small = false }: { readonly name: keyof typeof paths; readonly small?: boolean }) {
  return (
    <svg className={small ? 'icon small' : 'icon'} viewBox="0 0 20 20" aria-hidden="true">
      {paths[name]}
    </svg>
  )
}

export function Boat() {
  return (
    <svg viewBox="0 0 22 22" aria-hidden="true" className="boat">
      <path d="M2 15h18l-2.4 4H4.4z" fill="var(--accent)" />
      <path d="M10 12.5V2.5l7 10z" fill="var(--accent-tint)" />
      <path d="M7.6 12.5V6L3 12.5z" fill="none" />
    </svg>
  )
}

export function Crown() {
  return (
    <svg viewBox="-9 -9 18 18" width="15" height="15" aria-hidden="true">
      <path d="M -6 4.5 L -7 -4 L -3 -1 L 0 -6 L 3 -1 L 7 -4 L 6 4.5 Z" fill="currentColor" />
    </svg>
  )
}

/** People are initials, never hues: a hue is a term. */
export function Face({ name }: { readonly name: string }) {
  return (
    <i className="face" aria-hidden="true">
      {[...name][0]?.toUpperCase() ?? '·'}
    </i>
  )
}
