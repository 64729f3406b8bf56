/** What the tabs of a browser say to each other about who drives their node. Any page of the origin may post anything there. */

export type Word =
  /** Who drives? */
  | { readonly kind: 'who'; readonly from: string }
  /** I do. */
  | { readonly kind: 'driver'; readonly from: string }
  /** Serve me, over this channel. */
  | { readonly kind: 'call'; readonly from: string; readonly to: string; readonly way: string }
  /** My end of it is open. */
  | { readonly kind: 'ready'; readonly from: string; readonly to: string; readonly way: string }
  /** I do, and I do not serve you: call. */
  | { readonly kind: 'unserved'; readonly from: string; readonly to: string }
  /** Are you there, whoever drives? */
  | { readonly kind: 'alive?'; readonly from: string }
  /** I am; and the node is open, or about to be. */
  | { readonly kind: 'alive'; readonly from: string; readonly serves: boolean }

const MAX_TEXT = 512

/** `undefined` if it is none. A fresh object of exactly the known fields. */
export function decodeWord(data: unknown): Word | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !('from' in data)) return undefined
  const { kind, from } = data
  if (!isText(from)) return undefined
  switch (kind) {
    case 'who':
    case 'driver':
    case 'alive?':
      return { kind, from }
    case 'alive':
      return 'serves' in data && typeof data.serves === 'boolean' ? { kind, from, serves: data.serves } : undefined
    case 'unserved':
      return 'to' in data && isText(data.to) ? { kind, from, to: data.to } : undefined
    case 'call':
    case 'ready':
      return 'to' in data && 'way' in data && isText(data.to) && isText(data.way)
        ? { kind, from, to: data.to, way: data.way }
        : undefined
    default:
      return undefined
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT
}
