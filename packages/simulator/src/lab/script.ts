/**
 * A story for a run, as data: moves, and how long to wait between them. Unlike a list of placed moves it names messages by
 * what they are and moments by what is true then, so that a person can write it.
 */
import type { MessageType, NodeId } from '@flotilla/core'
import { type Expectation, holds } from './expectation.ts'
import type { Move } from './move.ts'
import type { Run } from './run.ts'
import type { Letter } from './step.ts'

export type Instruction =
  | Move
  | { readonly type: 'play'; readonly ms: number }
  /** Until no message is on its way and no disk is busy. */
  | { readonly type: 'settle' }
  | { readonly type: 'until'; readonly expect: Expectation; readonly withinMs?: number }
  /** The oldest message on its way that is meant, or all of them. */
  | ({ readonly type: 'message'; readonly deed: MessageDeed; readonly all?: true } & MessagePattern)

export type MessageDeed = 'deliver' | 'drop' | 'hold' | 'release' | 'duplicate'

export interface MessagePattern {
  readonly kind?: MessageType
  readonly from?: NodeId
  readonly to?: NodeId
}

export interface Stuck {
  readonly instruction: number
  readonly reason: string
}

/** Waits end somewhere. */
const patienceMs = 2_000

/** Does all of it, or says where it could not go on. */
export function perform(run: Run, script: readonly Instruction[]): Stuck | undefined {
  for (const [i, instruction] of script.entries()) {
    const reason = follow(run, instruction)
    if (reason !== undefined) return { instruction: i, reason }
  }
  return undefined
}

function follow(run: Run, instruction: Instruction): string | undefined {
  switch (instruction.type) {
    case 'play':
      run.playTo(run.now + instruction.ms)
      return undefined
    case 'settle':
      return run.isSettled || run.playUntil(() => run.isSettled, patienceMs)
        ? undefined
        : `It does not come to rest within ${patienceMs} ms.`
    case 'until': {
      const { expect, withinMs = patienceMs } = instruction
      if (holds(run, expect) || run.playUntil(() => holds(run, expect), withinMs)) return undefined
      return `This does not come true within ${withinMs} ms: ${JSON.stringify(expect)}`
    }
    case 'message':
      return handleMessages(run, instruction)
    default:
      return run.act(instruction)?.reason
  }
}

function handleMessages(run: Run, instruction: Extract<Instruction, { type: 'message' }>): string | undefined {
  const found = run.latest.letters.filter(letter => isMeant(letter, instruction))
  if (found.length === 0) return `No such message is on its way: ${JSON.stringify(instruction)}`
  for (const letter of instruction.all === true ? found : found.slice(0, 1)) {
    const refused = run.act({ type: instruction.deed, message: letter.name })
    if (refused !== undefined) return refused.reason
  }
  return undefined
}

function isMeant(letter: Letter, { kind, from, to }: MessagePattern): boolean {
  return (
    (kind === undefined || letter.summary.type === kind) &&
    (from === undefined || letter.from === from) &&
    (to === undefined || letter.to === to)
  )
}
