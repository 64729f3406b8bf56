/** The presenter's view, for a projector. */
import { count } from '../forms.ts'

export const words = {
  askTheClass: 'Ask the class',
  howMany: (letter: string) => `How many chose ${letter}`,
  answers: (n: number) => count(n, 'answer', 'answers'),
  reveal: 'Reveal',
  keys: 'space goes on · ← → steps',
  keyRoom: 'Q room code',
  keyLanguage: 'G Deutsch',
  keysAsking: 'A B C count · H bars · L logs',
  leaves: 'Esc leaves',
  room: {
    title: (room: string) => `Room ${room}`,
    join: 'Scan this, or open the address. Every browser in the room is a node.',
    nowhere: (host: string) =>
      `${host} means another machine on every machine, so there is no code to scan. Start the page with its network address, and there is.`,
    open: 'Open it here',
    close: 'Q closes this',
  },
}

export type PresentWords = typeof words
