/** Two runs side by side. */
export const words = {
  title: 'Two runs at one moment',
  with: 'Beside it',
  close: 'One run again',
  toTheFork: (step: number) => `To where they part: event ${step}`,
  before: (step: number) => `Up to event ${step} both are the same run.`,
  same: 'At this moment both are the same.',
  differ: (ids: readonly string[]) => `Not the same in both: ${ids.join(', ')}.`,
  node: 'Node',
  role: (condition: string, term: number) => `${condition}, term ${term}`,
  log: (last: number, commit: number) => `log to ${last}, committed to ${commit}`,
  vote: (id: string) => `voted for ${id}`,
  logsPart: (index: number) => `Their logs part at index ${index}.`,
  absent: 'not there',
}

export type CompareWords = typeof words
