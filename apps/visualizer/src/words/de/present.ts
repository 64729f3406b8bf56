import type { PresentWords } from '../en/present.ts'
import { count } from '../forms.ts'

export const words: PresentWords = {
  askTheClass: 'Frag die Klasse',
  howMany: letter => `Wie viele ${letter} gewählt haben`,
  answers: n => count(n, 'Antwort', 'Antworten'),
  reveal: 'Auflösen',
  keys: 'Leertaste, ← → weiter',
  keyRoom: 'Q Raumcode',
  keyLanguage: 'G English',
  keysAsking: 'A B C zählen · H Balken · L Logs',
  leaves: 'Esc Ende',
  room: {
    title: room => `Raum ${room}`,
    join: 'Scannt das, oder öffnet die Adresse. Jeder Browser im Raum ist ein Knoten.',
    nowhere: host =>
      `${host} meint auf jedem Rechner einen anderen, also gibt es keinen Code zum Scannen. Wird die Seite unter ihrer Netzadresse gestartet, gibt es ihn.`,
    open: 'Hier öffnen',
    close: 'Q schließt das',
  },
}
