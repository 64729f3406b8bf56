/** A room is named in the address, `#room=…`: whoever opens the same address joins it. */

const NAME = /^[A-Za-z0-9_-]{1,64}$/

type RoomInAddress =
  | { readonly kind: 'named'; readonly room: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly text: string }

export function roomInHash(hash: string): RoomInAddress {
  const text = new URLSearchParams(hash.replace(/^#/, '')).get('room')
  if (text === null || text === '') return { kind: 'none' }
  return NAME.test(text) ? { kind: 'named', room: text } : { kind: 'invalid', text: text.slice(0, 80) }
}

export function roomAddress(room: string): string {
  const { origin, pathname, search } = location
  return `${origin}${pathname}${search}#room=${room}`
}

const MANNERS = [
  'brave',
  'calm',
  'clever',
  'eager',
  'gentle',
  'happy',
  'keen',
  'lucky',
  'merry',
  'quick',
  'quiet',
  'sunny',
]
const SAILORS = [
  'albatross',
  'cormorant',
  'dolphin',
  'gannet',
  'heron',
  'otter',
  'pelican',
  'petrel',
  'puffin',
  'seal',
  'tern',
  'whale',
]

/** Readable aloud in a classroom, and unlikely to be anybody else's: a million and a half names. */
export function freshRoomName(random: () => number = Math.random): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? 'quiet'
  return `${pick(MANNERS)}-${pick(SAILORS)}-${1 + Math.floor(random() * 9_999)}`
}
