/** Which door an address opens. A room's address is Live's, whatever else stands in it. */

export type Door = { readonly kind: 'lab' } | { readonly kind: 'live' }

export function doorOf(hash: string): Door {
  return hash === '#/lab' ? { kind: 'lab' } : { kind: 'live' }
}
