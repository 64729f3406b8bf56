/** The presenter's view, for a projector. */
export const words = {
  askTheClass: 'Ask the class',
  howMany: (letter: string) => `How many chose ${letter}`,
  reveal: 'Reveal',
  keys: 'space goes on · ← → steps · Q room code',
  keysAsking: 'A B C count · H bars · L logs',
  leaves: 'Esc leaves',
}

export type PresentWords = typeof words
