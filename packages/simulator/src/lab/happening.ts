/** What has happened in a run so far, as data: a task is not done by how things stand alone, if it says what shall come first. */
import type { NodeId, TraceEvent } from '@flotilla/core'
import type { Step } from './step.ts'

export type Happening =
  /** Some node knew that the log is committed up to here. */
  | { readonly type: 'committed'; readonly index: number }
  /** It stood for election, … */
  | { readonly type: 'stood'; readonly node: NodeId }
  /** … because its leader told it to, … */
  | { readonly type: 'invited'; readonly node: NodeId }
  /** … and was elected. */
  | { readonly type: 'led'; readonly node: NodeId }
  | { readonly type: 'crashed'; readonly node: NodeId }
  /** It came back with nothing on its disk. */
  | { readonly type: 'emptied'; readonly node: NodeId }
  /** A membership with it was committed, … */
  | { readonly type: 'added'; readonly node: NodeId }
  /** … or one without it. */
  | { readonly type: 'removed'; readonly node: NodeId }
  /** A client asked, and was answered; a read that only its own node was asked for does not count. */
  | { readonly type: 'written' }
  | { readonly type: 'read' }

export const happeningTypes = [
  'committed',
  'stood',
  'invited',
  'led',
  'crashed',
  'emptied',
  'added',
  'removed',
  'written',
  'read',
] as const satisfies readonly Happening['type'][]

/** Whether all of it happened, each not before the one that is named before it. */
export function happenedInOrder(steps: readonly Step[], happenings: readonly Happening[]): boolean {
  let from = 0
  for (const happening of happenings) {
    const at = firstTime(steps, from, happening)
    if (at === undefined) return false
    from = at
  }
  return true
}

/** The first event from `from` on in which it happened, begun no earlier. */
function firstTime(steps: readonly Step[], from: number, happening: Happening): number | undefined {
  if (happening.type === 'written' || happening.type === 'read') return firstAnswer(steps, from, happening.type)
  const at = steps.findIndex((step, i) => i >= from && happensIn(step, happening))
  return at === -1 ? undefined : at
}

function firstAnswer(steps: readonly Step[], from: number, type: 'written' | 'read'): number | undefined {
  const answers = (steps.at(-1)?.operations ?? []).flatMap(({ kind, outcome, invokedIn, returnedIn }) =>
    kind === (type === 'read' ? 'read' : 'write') &&
    outcome === 'done' &&
    returnedIn !== undefined &&
    invokedIn >= from &&
    !isLocalRead(steps[invokedIn])
      ? [returnedIn]
      : [],
  )
  return answers.length === 0 ? undefined : Math.min(...answers)
}

function isLocalRead(step: Step | undefined): boolean {
  const { occurrence } = step ?? {}
  return occurrence?.type === 'moved' && occurrence.move.type === 'read' && occurrence.move.local
}

type InOneStep = Exclude<Happening, { readonly type: 'written' | 'read' }>

function happensIn({ occurrence, trace }: Step, happening: InOneStep): boolean {
  const move = occurrence.type === 'moved' ? occurrence.move : undefined
  switch (happening.type) {
    case 'crashed':
      return move?.type === 'crash' && move.node === happening.node
    case 'emptied':
      return move?.type === 'restart' && move.emptied && move.node === happening.node
    case 'committed':
    case 'stood':
    case 'invited':
    case 'led':
    case 'added':
    case 'removed':
      return trace.some(event => isToldBy(event, happening))
    default:
      return happening satisfies never
  }
}

function isToldBy(event: TraceEvent, happening: Exclude<InOneStep, { readonly type: 'crashed' | 'emptied' }>): boolean {
  switch (happening.type) {
    case 'committed':
      return event.type === 'committed' && event.index >= happening.index
    case 'stood': {
      const { node } = happening
      return event.type === 'vote' && !event.preVote && event.granted && event.node === node && event.candidate === node
    }
    case 'invited':
      return event.type === 'transfer' && event.stage === 'sentTimeoutNow' && event.to === happening.node
    case 'led':
      return event.type === 'role' && event.role === 'leader' && event.node === happening.node
    case 'added':
    case 'removed': {
      if (event.type !== 'configuration' || event.stage !== 'committed') return false
      const { voters, oldVoters, members } = event.configuration
      if (voters.length === 0 || oldVoters.length > 0) return false
      return members.some(({ id }) => id === happening.node) === (happening.type === 'added')
    }
    default:
      return happening satisfies never
  }
}
