/** Where in a lesson an address leads. Pure. */

interface Steps {
  readonly steps: readonly unknown[]
}

/** The task has the number after the last step's. */
export const taskNumber = ({ steps }: Steps): number => steps.length + 1

export const nearestStep = (lesson: Steps, step: number): number => Math.min(taskNumber(lesson), Math.max(0, step))

/** @param place as it stands in the address, which may have been written by anybody */
export const stepIn = (lesson: Steps, place: string): number => nearestStep(lesson, Number.parseInt(place, 10) || 0)
