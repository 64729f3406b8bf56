/** What those who find no room yet say to each other, beside the mesh's signals and told from them by its first letters. */
import { isId } from './signal.ts'

export type MeetingStep =
  /** "I belong to no room yet." To everyone, again and again. */
  | 'fresh'
  /** "I would make it; may I?" To each that is fresh. */
  | 'claim'
  /** "You may; I will not." */
  | 'agree'
  /** "There is a room, and I am in it", or making it. The answer to whoever is fresh. */
  | 'here'
  /** "I run, and wait for somebody to let me in." */
  | 'waiting'
  /** "The room has another key by now." */
  | 'moved'

export interface MeetingSignal {
  readonly from: string
  readonly step: MeetingStep
}

const PREFIX = 'meeting:'
const STEPS: readonly string[] = [
  'fresh',
  'claim',
  'agree',
  'here',
  'waiting',
  'moved',
] satisfies readonly MeetingStep[]

export const encodeMeeting = ({ from, step }: MeetingSignal): string => `${PREFIX}${step}:${from}`

export const isMeeting = (text: string): boolean => text.startsWith(PREFIX)

/** `undefined` if it is none. Never throws. */
export function decodeMeeting(text: string): MeetingSignal | undefined {
  const [, step, from] = /^meeting:([a-z]{1,16}):(.{1,64})$/su.exec(text) ?? []
  return isStep(step) && isId(from) ? { from, step } : undefined
}

const isStep = (step: string | undefined): step is MeetingStep => step !== undefined && STEPS.includes(step)
