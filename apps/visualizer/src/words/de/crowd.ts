import type { CrowdWords } from '../en/crowd.ts'
import { count, number } from '../forms.ts'

export const words: CrowdWords = {
  others: n => count(n, 'Lernender', 'Lernende'),
  away: n => `${number(n)} nicht da`,
  openList: 'Die Liste aller öffnen.',
  everybody: n => `Alle in diesem Raum: ${number(n)}`,
  list: 'Alle auflisten',
  caption: 'Jeder Knoten: was er ist und wie weit sein Log reicht. Wähle einen, um alles über ihn zu sehen.',
  columns: { node: 'Knoten', condition: 'Zustand', term: 'Amtszeit', last: 'Log bis', commit: 'Festgeschrieben' },
}
