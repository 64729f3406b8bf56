/** Sentences for what a trace does not say: what somebody did, what was lost, what broke. */
import type { Outcome } from '@flotilla/core'
import { keyName, type Move, type Step } from '@flotilla/simulator/lab'
import type { Sentence } from '../trace-view/narrate.ts'
import { type ClusterView, nameOf } from '../trace-view/view.ts'
import { list } from '../words/forms.ts'

/** `undefined` where the trace's own events say it better. */
export function tellStep(step: Step, view: ClusterView): Sentence | undefined {
  const [violation] = step.violations
  const node = step.node ?? ''
  const term = view.nodes.get(node)?.term ?? 0
  const say = (text: string, detail = '', weight: Sentence['weight'] = 'major'): Sentence => ({
    node,
    text,
    detail,
    weight,
    term,
  })
  if (violation !== undefined) return say(`${violation.property} is broken.`, shorten(violation.detail))
  const { occurrence } = step
  if (occurrence.type === 'began')
    return say('Nobody leads yet.', 'Whose election timer runs out first asks for votes.')
  if (occurrence.type === 'lost') {
    const { from, to, type, size } = occurrence.letter.summary
    // A leader's heartbeats to a node that is down are lost all the time.
    if (type === 'AppendEntries' && size === 0) return undefined
    return say(`${type} from ${nameOf(view, from)} to ${nameOf(view, to)} is lost: ${occurrence.reason}.`, '', 'minor')
  }
  if (occurrence.type !== 'moved') return undefined
  const told = tellMove(occurrence.move, step, view)
  return told === undefined ? undefined : say(told[0], told[1])
}

function tellMove(move: Move, step: Step, view: ClusterView): readonly [string, string] | undefined {
  const name = (id: string) => nameOf(view, id)
  const refused = refusal(step.outcome, name)
  switch (move.type) {
    case 'drop':
    case 'hold':
    case 'release':
    case 'delay':
    case 'duplicate': {
      if (step.cause.type !== 'message') return undefined
      const { from, to, type } = step.cause.letter.summary
      return [`${type} from ${name(from)} to ${name(to)} is ${deeds[move.type]}.`, '']
    }
    case 'partition':
      return [
        `The cluster is parted: ${list(move.groups.map(group => list(group.map(name))))}.`,
        'Nothing gets across.',
      ]
    case 'cut':
      return [
        `What ${name(move.from)} sends to ${name(move.to)} is lost from now on.`,
        'The other direction still works.',
      ]
    case 'heal':
      return [`${name(move.from)} reaches ${name(move.to)} again.`, '']
    case 'healAll':
      return ['All links are healed.', '']
    case 'freeze':
      return [`${name(move.node)} stands still.`, 'It does not know. What is sent to it waits.']
    case 'thaw':
      return [`${name(move.node)} goes on.`, 'It trusts nothing from before.']
    case 'clock':
      return [
        move.rate === 1
          ? `${name(move.node)}’s clock runs as it should.`
          : `${name(move.node)}’s clock runs ${move.rate} times as fast.`,
        '',
      ]
    case 'write':
      if (refused !== undefined) return [`${name(move.node)} does not take the write: ${refused}.`, '']
      return undefined
    case 'read': {
      const what = `${keyName(move.key)} at ${name(move.node)}`
      if (!move.local) return [`A client reads ${what}.`, 'The leader first makes sure that it still leads.']
      const answer = step.operations.at(-1)?.value
      return [`A client reads ${what}, and is told ${answer === 0 ? 'nothing' : answer}.`, 'Nobody else was asked.']
    }
    case 'change':
      return refused === undefined ? undefined : [`${name(move.node)} does not change the membership: ${refused}.`, '']
    case 'transfer':
      return refused === undefined ? undefined : [`${name(move.node)} does not hand over: ${refused}.`, '']
    case 'compact':
      return refused === undefined ? undefined : [`${name(move.node)} takes no snapshot: ${refused}.`, '']
    case 'appear':
      return [`${move.node} is there, and belongs to nothing yet.`, 'A leader can add it.']
    case 'restart':
      if (!move.emptied) return undefined
      return [
        `${name(move.node)} is back with an empty disk.`,
        'Raft assumes that a disk keeps what was written to it.',
      ]
    case 'timeout':
    case 'deliver':
    case 'crash':
      return undefined
    default:
      return move satisfies never
  }
}

const deeds = {
  drop: 'dropped',
  hold: 'held back',
  release: 'let go',
  delay: 'delayed',
  duplicate: 'duplicated',
} as const

/** Why core did not do what it was asked, in words; `undefined` if it did. */
export function refusal(outcome: Outcome | undefined, name: (id: string) => string): string | undefined {
  if (outcome === undefined) return undefined
  switch (outcome.kind) {
    case 'done':
    case 'command':
    case 'noop':
    case 'configuration':
      return undefined
    case 'NotLeader':
      return outcome.leader === undefined ? 'it is not the leader' : `it is not the leader, ${name(outcome.leader)} is`
    case 'Transferring':
      return `it is handing over to ${name(outcome.to)}`
    case 'Overloaded':
      return 'too much is uncommitted'
    case 'TransferRefused':
      return transferRefusals[outcome.reason]
    case 'CompactRefused':
      return outcome.reason === 'notNewer' ? 'its snapshot has all of that already' : 'it has not applied that yet'
    case 'ConfigurationInFlight':
      return `the change at entry ${outcome.index} is not committed yet`
    case 'OwnTermNotCommitted':
      return 'no entry of its own term is committed yet'
    case 'InvalidChange':
      return 'such a change makes no sense here'
    default:
      return outcome satisfies never
  }
}

const transferRefusals = {
  notVoter: 'that node has no vote',
  self: 'it leads already',
  noTarget: 'there is nobody to hand over to',
  lagging: 'that node has not been heard from lately',
} as const

/** Core's assertions come with a stack; its first line is the message. */
function shorten(detail: string): string {
  return detail.split('\n')[0]?.slice(0, 220) ?? ''
}
