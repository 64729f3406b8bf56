/** What stands above the picture: a lasting trouble before the latest event, and before both why there is no node. Pure. */
import type { Phase, Problem } from '../store/live-store.ts'
import type { Told } from '../trace-view/narration.ts'
import type { Quorum } from '../trace-view/roster.ts'
import type { LiveWords } from '../words/en/live.ts'
import { live } from '../words/live.ts'

interface Headline {
  readonly text: string
  readonly detail: string
  readonly trouble: boolean
}

interface HeadlineInput {
  readonly phase: Phase
  readonly problem: Problem | undefined
  readonly quorum: Quorum | undefined
  readonly told: Told | undefined
  readonly alone: boolean
  nameOf(id: string): string
  /** In place of Live's own. */
  readonly ownWords?: Partial<LiveWords['headline']> | undefined
}

export function headlineOf({ phase, problem, quorum, told, alone, nameOf, ownWords }: HeadlineInput): Headline {
  const words = { ...live().headline, ...ownWords }
  const say = (text: string, detail: string, trouble = false): Headline => ({ text, detail, trouble })
  if (problem) return say(problem.title, problem.advice, true)
  if (phase === 'opening') return say(words.opening, words.openingWhy)
  if (phase === 'closed') return say(words.closed, words.closedWhy, true)
  if (phase === 'crashed') return say(words.crashed, words.crashedWhy, true)
  if (quorum?.lost) return say(lostText(quorum, nameOf), lostDetail(quorum), true)
  if (phase === 'joining') return say(words.joining, words.joiningWhy)
  if (alone && told?.weight !== 'minor') return say(told?.text ?? words.first, words.aloneWhy)
  return told ? say(told.text, told.detail) : say(words.member, words.memberWhy)
}

function lostText({ missing }: Quorum, nameOf: (id: string) => string): string {
  return live().headline.lost(missing.map(({ id }) => nameOf(id)))
}

function lostDetail({ reachable, voters, needed, missing }: Quorum): string {
  const words = live().headline
  const reasons = [...new Set(missing.map(({ why }) => words.missing[why]))]
  return words.lostWhy(reachable, voters, needed, reasons)
}
