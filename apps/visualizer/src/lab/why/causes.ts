/** The chain of causes, walked back along what the run wrote down: which message, timer or write led to each event. */
import type { Step } from '@flotilla/simulator/lab'
import { why } from '../../words/why.ts'
import type { ShownRun } from '../shown-run.ts'
import type { CauseLink } from './explanation.ts'

export function causesOf(run: ShownRun, step: Step, name: (id: string) => string): readonly CauseLink[] {
  const chain: CauseLink[] = []
  let current: Step | undefined = step
  while (current !== undefined) {
    chain.push(linkOf(current, name))
    const { cause, index }: Step = current
    if (cause.type === 'none' || cause.step >= index) break
    current = run.steps[cause.step]
  }
  return chain
}

export function linkOf(step: Step, name: (id: string) => string): CauseLink {
  const { index, at, occurrence } = step
  const link = (sign: CauseLink['sign'], text: string): CauseLink => ({ step: index, at, sign, text })
  const words = why().causes
  const me = step.node === undefined ? '' : name(step.node)
  switch (occurrence.type) {
    case 'began':
      return link('start', words.began)
    case 'delivered': {
      const { type, from, to, term } = occurrence.letter.summary
      return link(type.endsWith('Result') ? 'answer' : 'message', words.got(name(to), type, term, name(from)))
    }
    case 'lost': {
      const { type, from, to } = occurrence.letter.summary
      return link('message', words.lost(type, name(from), name(to)))
    }
    case 'timer':
      return link('timer', campaigned(step) ? words.electionTimer(me) : words.heartbeatTimer(me))
    case 'written':
      return link('disk', words.written(me))
    case 'told':
      return link('start', words.told(me, step.trace[0]?.type ?? ''))
    case 'moved':
      return link('person', words[occurrence.move.type](me))
    default:
      return occurrence satisfies never
  }
}

const campaigned = (step: Step): boolean =>
  step.trace.some(event => event.type === 'role' || event.type === 'term' || event.type === 'vote')
