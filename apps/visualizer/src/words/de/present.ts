import type { PresentWords } from '../en/present.ts'

export const words: PresentWords = {
  askTheClass: 'Frag die Klasse',
  howMany: letter => `Wie viele ${letter} gewählt haben`,
  reveal: 'Auflösen',
  keys: 'Leertaste weiter · ← → Schritte · Q Raumcode',
  keysAsking: 'A B C zählen · H Balken · L Logs',
  leaves: 'Esc verlässt',
}
