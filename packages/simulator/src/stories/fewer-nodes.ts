/**
 * A failing run in a smaller cluster: without one of its nodes, which then is not in the first configuration either. Of fewer
 * voters fewer are a majority, so an election and a commit take fewer messages.
 */
import { initialConfiguration, type NodeId, type RecoveredState } from '@flotilla/core'
import type { Action } from '../world/action.ts'
import type { Attempts } from './attempts.ts'
import type { Happening, Moment } from './replay.ts'

/** Each node in turn, the last to appear first, and two of them where one does not do: five voters need as many as four. */
export function leaveOutNodes(attempts: Attempts): void {
  for (let node = nodesOf(attempts).length - 1; node >= 0 && !attempts.isOver; node--) {
    if (tryWithout(attempts, [node])) continue
    for (let other = node - 1; other >= 0 && !attempts.isOver; other--) {
      if (tryWithout(attempts, [node, other])) break
    }
  }
}

/** Not without the last voter: where nobody can lead, nothing happens, and that would be no story. */
function tryWithout(attempts: Attempts, nodes: readonly number[]): boolean {
  const rest = nodes.reduce(withoutNode, attempts.happenings)
  const { recording } = attempts
  const calm = recording.calm && nodes.reduce(withoutClock, recording.calm)
  return rest.some(isVoter) && attempts.succeeds(rest, { ...recording, calm })
}

function withoutClock<T extends Moment>(moment: T, gone: number): T {
  return { ...moment, clocks: moment.clocks.filter((_, node) => node !== gone) }
}

function isVoter({ action }: Happening): boolean {
  return action.type === 'appear' && action.initial.entries.length > 0
}

function nodesOf({ happenings }: Attempts): readonly Happening[] {
  return happenings.filter(({ action }) => action.type === 'appear')
}

/** The nodes behind it move up. */
function withoutNode(happenings: readonly Happening[], gone: number): readonly Happening[] {
  const appearance = happenings.find(({ action }) => action.type === 'appear' && action.node === gone)
  const id = appearance?.action.type === 'appear' ? appearance.action.id : undefined
  return happenings.flatMap(happening => {
    const action = withoutNodeIn(happening.action, gone, id)
    return action === undefined ? [] : [withoutClock({ ...happening, action }, gone)]
  })
}

function withoutNodeIn(action: Action, gone: number, id: NodeId | undefined): Action | undefined {
  if (action.node === gone) return undefined
  const moved = (node: number): number => (node > gone ? node - 1 : node)
  const node = moved(action.node)
  switch (action.type) {
    case 'deliver': {
      const { from, to, number, message, bytes } = action.envelope
      return from === gone
        ? undefined
        : { type: 'deliver', node, envelope: { number, from: moved(from), to: moved(to), message, bytes } }
    }
    case 'appear':
      return { ...action, node, initial: withoutVoter(action.initial, id) }
    default:
      return { ...action, node }
  }
}

function withoutVoter(initial: RecoveredState, id: NodeId | undefined): RecoveredState {
  const entries = initial.entries.map(entry => {
    if (entry.kind !== 'configuration') return entry
    return { ...entry, data: initialConfiguration(entry.data.voters.filter(voter => voter !== id)) }
  })
  return { ...initial, entries }
}
