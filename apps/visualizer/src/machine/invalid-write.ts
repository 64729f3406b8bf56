/** What cannot be written, and why, before anything is sent: for the form, and for whoever calls from the console. */
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
  if (typeof key !== 'string' || typeof value !== 'string')
    return new InvalidWrite('notText', 'Key and value must be texts.')
  // Nobody could see it, or tell it from another.
  const problem = key.trim() === '' ? 'emptyKey' : problemWith(key, value)
  return problem && new InvalidWrite(problem, sentence(problem, key, value))
}

function sentence(problem: KvProblem, key: string, value: string): string {
  switch (problem) {
    case 'emptyKey':
      return 'A key is needed, of more than spaces.'
    case 'keyTooLong':
      return `A key has at most ${MAX_KEY_LENGTH} characters; this one has ${key.length}.`
    case 'valueTooLong':
      return `A value has at most ${MAX_VALUE_LENGTH} characters; this one has ${value.length}.`
    case 'brokenText':
      return 'This text holds half of a character, and cannot be written.'
    default:
      return problem satisfies never
  }
}
