/** 19. What a client was told is committed stays at its place in the committed log. */
import type { InvariantFactory } from './invariant.ts'

export const noLostWrite: InvariantFactory = (ghost, report) => ({
  number: 19,
  name: 'No Lost Write',
  acknowledged(operation, index, term) {
    if (ghost.terms[index] !== term) {
      report(
        `operation ${operation} is acknowledged at ${index} of term ${term}; committed there is term ${ghost.terms[index]}`,
      )
    }
  },
})
