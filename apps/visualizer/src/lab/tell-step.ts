/** Sentences for what a trace does not say: what somebody did, what was lost, what broke. */
import type { Outcome } from '@flotilla/core'
import { keyName, type Move, type Step } from '@flotilla/simulator/lab'
import type { Sentence } from '../trace-view/narrate.ts'
import { type ClusterView, nameOf } from '../trace-view/view.ts'
import { moves } from '../words/moves.ts'
import { phrase } from '../words/phrase.ts'

/** `undefined` where the trace's own events say it better. */
export function tellStep(step: Step, view: ClusterView): Sentence | undefined {
  const [violation] = step.violations
  const node = step.node ?? ''
  const term = view.nodes.get(node)?.term ?? 0
  const sentence = (tell: Tell, weight: Sentence['weight'] = 'major'): Sentence => {
    const said = () => {
      const [text, detail = ''] = tell()
      return { text, detail }
    }
    return { node, ...said(), said, weight, term }
  }
  if (violation !== undefined) {
    const { property, detail } = violation
    return sentence(() => [moves().broken(phrase(property)), shorten(phrase(detail))])
  }
  const { occurrence } = step
  if (occurrence.type === 'began') return sentence(() => [moves().nobodyLeads, moves().firstTimer])
  if (occurrence.type === 'lost') {
    const { type, size } = occurrence.letter.summary
    // A leader's heartbeats to a node that is down are lost all the time.
    if (type === 'AppendEntries' && size === 0) return undefined
    const { reason } = occurrence
    const [from, to] = [nameOf(view, occurrence.letter.from), nameOf(view, occurrence.letter.to)]
    return sentence(() => [moves().lost(type, from, to, phrase(reason))], 'minor')
  }
  if (occurrence.type !== 'moved') return undefined
  const tell = tellMove(occurrence.move, step, id => nameOf(view, id))
  return tell && sentence(tell)
}

/** Says it in the language spoken then: a text, and the finer point. It may hold values, and no view. */
type Tell = () => readonly [text: string, detail?: string]

function tellMove(move: Move, step: Step, name: (id: string) => string): Tell | undefined {
  const refused = refusal(step.outcome, name)
  switch (move.type) {
    case 'drop':
    case 'hold':
    case 'release':
    case 'delay':
    case 'duplicate': {
      if (step.cause.type !== 'message') return undefined
      const { summary } = step.cause.letter
      const [from, to] = [name(summary.from), name(summary.to)]
      return () => [moves().message[move.type](summary.type, from, to)]
    }
    case 'partition': {
      const groups = move.groups.map(group => group.map(name))
      return () => [moves().parted(groups), moves().nothingAcross]
    }
    case 'cut':
    case 'heal': {
      const [from, to] = [name(move.from), name(move.to)]
      if (move.type === 'heal') return () => [moves().healed(from, to)]
      return () => [moves().cut(from, to), moves().otherDirection]
    }
    case 'healAll':
      return () => [moves().allHealed]
    case 'appear':
      return () => [moves().appeared(move.node), moves().canBeAdded]
    case 'timeout':
    case 'deliver':
    case 'crash':
      return undefined
    case 'freeze':
    case 'thaw':
    case 'clock':
    case 'write':
    case 'read':
    case 'change':
    case 'transfer':
    case 'compact':
    case 'restart':
      return tellOfNode(move, name(move.node), step, refused)
    default:
      return move satisfies never
  }
}

type NodeMove = Extract<
  Move,
  { type: 'freeze' | 'thaw' | 'clock' | 'write' | 'read' | 'change' | 'transfer' | 'compact' | 'restart' }
>

function tellOfNode(move: NodeMove, me: string, step: Step, refused: (() => string) | undefined): Tell | undefined {
  switch (move.type) {
    case 'freeze':
      return () => [moves().frozen(me), moves().frozenWhy]
    case 'thaw':
      return () => [moves().thawed(me), moves().thawedWhy]
    case 'clock':
      return () => [move.rate === 1 ? moves().clockRight(me) : moves().clock(me, move.rate)]
    case 'write':
      return refused && (() => [moves().noWrite(me, refused())])
    case 'read': {
      const key = keyName(move.key)
      if (!move.local) return () => [moves().reads(key, me), moves().readsWhy]
      const answer = step.operations.at(-1)?.value
      return () => [moves().readLocally(key, me, answer), moves().nobodyAsked]
    }
    case 'change':
      return refused && (() => [moves().noChange(me, refused())])
    case 'transfer':
      return refused && (() => [moves().noTransfer(me, refused())])
    case 'compact':
      return refused && (() => [moves().noSnapshot(me, refused())])
    case 'restart':
      return move.emptied ? () => [moves().emptied(me), moves().emptiedWhy] : undefined
    default:
      return move satisfies never
  }
}

/** Why core did not do what it was asked, in words; `undefined` if it did. */
function refusal(outcome: Outcome | undefined, name: (id: string) => string): (() => string) | undefined {
  if (outcome === undefined) return undefined
  switch (outcome.kind) {
    case 'done':
    case 'command':
    case 'noop':
    case 'configuration':
      return undefined
    case 'NotLeader': {
      const leader = outcome.leader === undefined ? undefined : name(outcome.leader)
      return () => (leader === undefined ? moves().refusals.notLeader : moves().refusals.otherLeads(leader))
    }
    case 'Transferring': {
      const to = name(outcome.to)
      return () => moves().refusals.handingOver(to)
    }
    case 'Overloaded':
      return () => moves().refusals.overloaded
    case 'TransferRefused':
    case 'CompactRefused':
      return () => moves().refusals[outcome.reason]
    case 'ConfigurationInFlight':
      return () => moves().refusals.inFlight(outcome.index)
    case 'OwnTermNotCommitted':
      return () => moves().refusals.ownTerm
    case 'InvalidChange':
      return () => moves().refusals.invalid
    default:
      return outcome satisfies never
  }
}

/** Core's assertions come with a stack; its first line is the message. */
function shorten(detail: string): string {
  return detail.split('\n')[0]?.slice(0, 220) ?? ''
}
