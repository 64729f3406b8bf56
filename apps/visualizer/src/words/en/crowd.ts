/** A room of many: the crowd, the list of everybody, names, and who has the controls. */
import { count, number } from '../forms.ts'

export const words = {
  others: (n: number) => count(n, 'learner', 'learners'),
  away: (n: number) => `${number(n)} away`,
  openList: 'Open the list of everybody.',
  everybody: (n: number) => `Everybody in this room: ${number(n)}`,
  list: 'List everybody',
  caption: 'Every node: what it is, and how far its log goes. Choose one to see all that is known of it.',
  columns: { node: 'Node', condition: 'Condition', term: 'Term', last: 'Log up to', commit: 'Committed' },
}

export type CrowdWords = typeof words
