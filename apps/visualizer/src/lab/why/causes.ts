/** The chain of causes, walked back along what the run wrote down: which message, timer or write led to each event. */
import type { MoveType, Step } from '@flotilla/simulator/lab'
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
  const me = step.node === undefined ? '' : name(step.node)
  switch (occurrence.type) {
    case 'began':
      return link('start', 'The run began')
    case 'delivered': {
      const { type, from, to, term } = occurrence.letter.summary
      return link(
        type.endsWith('Result') ? 'answer' : 'message',
        `${name(to)} got ${type} of term ${term} from ${name(from)}`,
      )
    }
    case 'lost': {
      const { type, from, to } = occurrence.letter.summary
      return link('message', `${type} from ${name(from)} to ${name(to)} was lost`)
    }
    case 'timer':
      return link('timer', campaigned(step) ? `${me}’s election timer ran out` : `${me}’s next heartbeat was due`)
    case 'written':
      return link('disk', `${me}’s disk had written what it was given`)
    case 'told':
      return link('start', `${me}: ${step.trace[0]?.type ?? ''}`)
    case 'moved':
      return link('person', `Somebody ${deeds[occurrence.move.type](me)}`)
    default:
      return occurrence satisfies never
  }
}

const campaigned = (step: Step): boolean =>
  step.trace.some(event => event.type === 'role' || event.type === 'term' || event.type === 'vote')

/** What a person did, to be read after "Somebody". */
const deeds: Readonly<Record<MoveType, (node: string) => string>> = {
  timeout: node => `let ${node}’s timer run out`,
  deliver: () => 'delivered the message at once',
  drop: () => 'dropped the message',
  duplicate: () => 'duplicated the message',
  delay: () => 'delayed the message',
  hold: () => 'held the message back',
  release: () => 'let the message go',
  cut: () => 'cut a link',
  heal: () => 'healed a link',
  partition: () => 'parted the cluster',
  healAll: () => 'healed all links',
  crash: node => `crashed ${node}`,
  restart: node => `started ${node} again`,
  freeze: node => `froze ${node}`,
  thaw: node => `let ${node} go on`,
  clock: node => `changed ${node}’s clock`,
  write: node => `asked ${node} to write`,
  read: node => `asked ${node} to read`,
  change: node => `asked ${node} to change the membership`,
  transfer: node => `asked ${node} to hand over`,
  compact: node => `let ${node} take a snapshot`,
  appear: node => `set up ${node}`,
}
