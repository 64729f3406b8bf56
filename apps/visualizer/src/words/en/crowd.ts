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
  class: 'Class',
  title: 'This class',
  name: 'What this tab’s node is called',
  namePlaceholder: 'a name, beside its number',
  call: 'Call it so',
  calledNow: (name: string) => `It is called ${name}.`,
  calledNothing: 'It has its number alone.',
  controls: 'Cut, crash and speed',
  free: 'Every tab may cut links, crash nodes and set the speed.',
  keep: 'Keep them to this tab',
  keptHere: 'Only this tab may.',
  handOut: 'Hand them out',
  keptBy: (name: string) => `${name} keeps them.`,
  keptByShort: (name: string) => `${name} keeps cut, crash and speed.`,
  keeperGone: 'Its tab is gone.',
  takeOver: 'Take them over',
  courtesy: 'A courtesy: tabs of this page keep to it, and nothing forces others.',
  turn: 'Who votes',
  swapWhy: 'A learner, drawn by lot, votes in the place of a voter that does not lead.',
  swap: 'Swap a voter',
  swapped: 'Swapped.',
}

export type CrowdWords = typeof words
