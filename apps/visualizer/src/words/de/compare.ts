import type { CompareWords } from '../en/compare.ts'

export const words: CompareWords = {
  title: 'Zwei Läufe in einem Augenblick',
  with: 'Daneben',
  close: 'Wieder nur ein Lauf',
  toTheFork: step => `Dorthin, wo sie sich trennen: Ereignis ${step}`,
  before: step => `Bis Ereignis ${step} sind beide derselbe Lauf.`,
  same: 'In diesem Augenblick sind beide gleich.',
  differ: ids => `Nicht in beiden gleich: ${ids.join(', ')}.`,
  node: 'Knoten',
  role: (condition, term) => `${condition}, Amtszeit ${term}`,
  log: (last, commit) => `Log bis ${last}, festgeschrieben bis ${commit}`,
  vote: id => `Stimme für ${id}`,
  logsPart: index => `Ihre Logs trennen sich bei Index ${index}.`,
  absent: 'nicht da',
}
