/** What stands above the picture: a lasting trouble before the latest event, and before both why there is no node. Pure. */
import type { Phase, Problem } from '../store/live-store.ts'
import type { Told } from '../trace-view/narration.ts'
import type { Quorum } from '../trace-view/roster.ts'
import { list } from '../words/forms.ts'

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
}

export function headlineOf({ phase, problem, quorum, told, alone, nameOf }: HeadlineInput): Headline {
  const say = (text: string, detail: string, trouble = false): Headline => ({ text, detail, trouble })
  if (problem) return say(problem.title, problem.advice, true)
  if (phase === 'opening') return say('Opening this room …', 'Looking for its database and for other tabs.')
  if (phase === 'closed') return say('This node has left.', 'Reload the page to bring it back.', true)
  if (phase === 'crashed')
    return say(
      'This tab’s node crashed.',
      'What was on its disk is safe. Start it again, or watch the others go on.',
      true,
    )
  if (quorum?.lost) return say(lostText(quorum, nameOf), lostDetail(quorum), true)
  if (phase === 'joining')
    return say(
      'Asking to join this room’s cluster …',
      'A leader answers: this node starts as a learner, and votes once it has the log.',
    )
  if (alone && told?.weight !== 'minor')
    return say(
      told?.text ?? 'This tab is the first node.',
      'Alone it survives no crash. Add a node: with three, any one may fail.',
    )
  return told
    ? say(told.text, told.detail)
    : say('This tab is part of the cluster.', 'What happens next will be told here.')
}

function lostText({ missing }: Quorum, nameOf: (id: string) => string): string {
  const names = missing.map(({ id }) => nameOf(id))
  return `No majority: ${list(names)} ${names.length === 1 ? 'is' : 'are'} missing.`
}

const WHY = {
  cut: 'behind cut links',
  crashed: 'crashed',
  closed: 'in closed tabs',
  unreachable: 'out of reach',
} as const

function lostDetail({ reachable, voters, needed, missing }: Quorum): string {
  const reasons = [...new Set(missing.map(({ why }) => WHY[why]))]
  const here = `${reachable} of ${voters} ${voters === 1 ? 'voter' : 'voters'} in reach, ${needed} needed.`
  return `${here} Nothing can be committed on this side until one returns (${list(reasons)}).`
}
