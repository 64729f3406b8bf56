/** Which door an address opens. A room's address is Live's, whatever else stands in it. */

export type Door =
  | { readonly kind: 'home' }
  | { readonly kind: 'learn' }
  /** `rest`: which lesson, and where in it. */
  | { readonly kind: 'lesson'; readonly rest: string }
  /** The same for a projector. */
  | { readonly kind: 'present'; readonly rest: string }
  /** `rest`: a run that somebody shared. */
  | { readonly kind: 'lab'; readonly rest: string }
  /** For a frame in slides or in another page: one lesson or one run, and nothing around it. */
  | { readonly kind: 'embed'; readonly rest: string }
  /** `rest`: the room of another application of this browser. */
  | { readonly kind: 'watch'; readonly rest: string }
  /** What this browser has on its disk. */
  | { readonly kind: 'stored' }
  | { readonly kind: 'live' }

const namesRoom = (hash: string): boolean => new URLSearchParams(hash.slice(1)).has('room')

/** An address that means nothing opens the home page: a tab becomes a node only where somebody asked for that. */
export function doorOf(hash: string): Door {
  if (hash === '' || hash === '#' || hash === '#/') return { kind: 'home' }
  const [, name, rest = ''] = /^#\/(\w+)\/?(.*)$/s.exec(hash) ?? []
  switch (name) {
    case 'learn':
      return rest === '' ? { kind: 'learn' } : { kind: 'lesson', rest }
    case 'present':
      return { kind: 'present', rest }
    case 'embed':
      return { kind: 'embed', rest }
    case 'lab':
      return { kind: 'lab', rest }
    case 'watch':
      return { kind: 'watch', rest }
    case 'stored':
      return { kind: 'stored' }
    case 'live':
      return { kind: 'live' }
    default:
      return { kind: namesRoom(hash) ? 'live' : 'home' }
  }
}
