/** What cannot be written, and why, before anything is sent: for the form, and for whoever calls from the console. */

import { live } from '../words/live.ts'
import { type KvProblem, MAX_KEY_LENGTH, MAX_VALUE_LENGTH, problemWith } from './key-value.ts'

export class InvalidWrite extends Error {
  override readonly name = 'InvalidWrite'
  readonly kind = 'InvalidWrite'
  readonly problem: KvProblem | 'notText'

  constructor(problem: KvProblem | 'notText', message: string) {
    super(message)
    this.problem = problem
  }
}

/** Why this may not be written, in a sentence for people; `undefined` when it may. */
export function refusalOf(key: unknown, value: unknown): InvalidWrite | undefined {
  if (typeof key !== 'string' || typeof value !== 'string') return new InvalidWrite('notText', live().refusals.notText)
  // Nobody could see it, or tell it from another.
  const problem = key.trim() === '' ? 'emptyKey' : problemWith(key, value)
  return problem && new InvalidWrite(problem, sentence(problem, key, value))
}

function sentence(problem: KvProblem, key: string, value: string): string {
  switch (problem) {
    case 'emptyKey':
      return live().refusals.emptyKey
    case 'keyTooLong':
      return live().refusals.keyTooLong(MAX_KEY_LENGTH, key.length)
    case 'valueTooLong':
      return live().refusals.valueTooLong(MAX_VALUE_LENGTH, value.length)
    case 'brokenText':
      return live().refusals.brokenText
    default:
      return problem satisfies never
  }
}
