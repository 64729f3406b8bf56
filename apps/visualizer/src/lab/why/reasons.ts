/** For each kind of event the rule that decided, and the values that it compared: from the message and the node as they were. */
import type { Message, TraceEvent } from '@flotilla/core'
import type { Step } from '@flotilla/simulator/lab'
import { entryAt, termAt } from '../../trace-view/log-view.ts'
import type { ClusterView, NodeView } from '../../trace-view/view.ts'
import { list } from '../../words/forms.ts'
import { phrase } from '../../words/phrase.ts'
import { why } from '../../words/why.ts'
import type { Compared, Comparison, Reason } from './explanation.ts'

export interface Scene {
  readonly step: Step
  readonly before: ClusterView
  readonly after: ClusterView
  name(id: string): string
}

/** In this order an event is looked for among those of a step: the first found is what is explained. */
export function principal(step: Step): TraceEvent | undefined {
  for (const type of order) {
    const found = step.trace.find(event => event.type === type && !isFormality(event))
    if (found !== undefined) return found
  }
  return step.trace[0]
}

const order = [
  'truncated',
  'committed',
  'role',
  'vote',
  'refused',
  'snapshot',
  'configuration',
  'appended',
  'crashed',
  'resumed',
  'term',
  'voteCounted',
  'progress',
  'applied',
  'dropped',
  'durable',
  'started',
] as const satisfies readonly TraceEvent['type'][]

/** A candidate's vote for itself comes with its candidacy; a higher term's follower was one before. */
const isFormality = (event: TraceEvent): boolean =>
  (event.type === 'vote' && event.candidate === event.node) ||
  (event.type === 'role' && event.role === 'follower' && event.reason.includes('later term'))

export function reasonOf(scene: Scene): Reason {
  const { step } = scene
  const [violation] = step.violations
  if (violation !== undefined) {
    return {
      question: why().whatBroke(phrase(violation.property)),
      comparison: undefined,
      rule: phrase(violation.detail.split('\n')[0] ?? ''),
      section: 'figure 3',
    }
  }
  const event = principal(step)
  if (event === undefined) return quiet(scene)
  const was = scene.before.nodes.get(event.node)
  const message = messageOf(step)
  const me = scene.name(event.node)
  const words = why()
  switch (event.type) {
    case 'vote':
      return vote(scene, event, message, was)
    case 'role':
      return role(scene, event)
    case 'refused':
      return refused(scene, event, message, was)
    case 'truncated':
      return truncated(scene, event, message, was)
    case 'committed':
      return committed(scene, event, message)
    case 'appended':
      return {
        question: words.append.question(me),
        comparison: message?.type === 'AppendEntries' ? consistency(scene, message, was) : undefined,
        rule: message?.type === 'AppendEntries' ? words.append.follower : words.append.leader,
        section: '§5.3',
      }
    case 'term':
      return {
        question: words.term.question(me, event.term),
        comparison: compare(words.theMessage, me, [
          {
            what: words.termRow,
            left: `${event.term}`,
            sign: '>',
            right: `${was?.term ?? 0}`,
            decides: true,
            terms: true,
          },
        ]),
        rule: words.term.rule,
        section: '§5.1',
      }
    case 'voteCounted':
      return {
        question: words.waiting.question(me),
        comparison: tally(scene, event.node),
        rule: words.waiting.rule,
        section: '§5.2',
      }
    case 'configuration':
      return {
        question: words.configuration.question,
        comparison: undefined,
        rule: words.configuration.rule,
        section: '§6',
      }
    case 'snapshot':
      return {
        question: event.action === 'taken' ? words.snapshot.taken(me) : words.snapshot.installed(me),
        comparison: undefined,
        rule: event.action === 'taken' ? words.snapshot.takenRule : words.snapshot.installedRule,
        section: '§7',
      }
    case 'crashed':
      return {
        question: words.crashed.question(me),
        comparison: undefined,
        rule: words.crashed.rule,
        section: 'figure 2',
      }
    case 'started':
      return {
        question: words.started.question(me),
        comparison: undefined,
        rule: words.started.rule,
        section: 'figure 2',
      }
    case 'progress':
      return {
        question: words.progress.question(me),
        comparison: compare(words.progress.follower, words.progress.leader, [
          { what: 'matchIndex', left: `${event.matchIndex}`, sign: '', right: '', decides: true },
          { what: 'nextIndex', left: `${event.nextIndex}`, sign: '', right: '', decides: false },
        ]),
        rule: words.progress.rule,
        section: '§5.3',
      }
    case 'dropped':
      return {
        question: words.dropped.question,
        comparison: undefined,
        rule: words.dropped.rule(capital(phrase(event.reason))),
        section: '§5.1',
      }
    case 'durable':
      return {
        question: words.durable.question(me),
        comparison: undefined,
        rule: words.durable.rule,
        section: 'figure 2',
      }
    default:
      return quiet(scene)
  }
}

function messageOf(step: Step): Message | undefined {
  if (step.occurrence.type === 'delivered') return step.occurrence.letter.message
  return step.occurrence.type === 'moved' && step.cause.type === 'message' ? step.cause.letter.message : undefined
}

function vote(
  scene: Scene,
  event: Extract<TraceEvent, { type: 'vote' }>,
  message: Message | undefined,
  was: NodeView | undefined,
): Reason {
  const me = scene.name(event.node)
  const candidate = scene.name(event.candidate)
  const asks = message?.type === 'RequestVote' || message?.type === 'RequestPreVote' ? message : undefined
  const words = why().vote
  const base = {
    question: event.granted ? words.granted(me, candidate) : words.refused(me),
    section: event.preVote ? 'dissertation §9.6' : '§5.2',
  }
  switch (event.reason) {
    case 'stale term':
      return {
        ...base,
        comparison: compare(words.asks(candidate), words.has(me), [
          {
            what: why().termRow,
            left: `${event.term}`,
            sign: '<',
            right: `${was?.term ?? 0}`,
            decides: true,
            terms: true,
          },
        ]),
        rule: words.stale,
        section: '§5.1',
      }
    case 'leader is alive':
      return {
        ...base,
        comparison: undefined,
        rule: words.leaderAlive,
        section: 'dissertation §4.2.3',
      }
    case 'already voted':
      return {
        ...base,
        comparison: compare(words.asks(candidate), words.has(me), [
          {
            what: words.voteRow,
            left: candidate,
            sign: '≠',
            right: was?.votedFor === undefined ? '–' : scene.name(was.votedFor),
            decides: true,
          },
        ]),
        rule: words.once,
      }
    default:
      return {
        ...base,
        comparison:
          asks === undefined || was === undefined
            ? undefined
            : upToDate(words.asks(candidate), words.has(me), asks.lastLogTerm, asks.lastLogIndex, was),
        rule: event.granted ? words.upToDate : words.restriction,
        section: '§5.4.1',
      }
  }
}

function upToDate(left: string, right: string, term: number, index: number, was: NodeView): Comparison {
  const ownIndex = was.log.lastIndex
  const ownTerm = termAt(was.log, ownIndex)
  const byTerm = term !== ownTerm
  return compare(left, right, [
    {
      what: why().vote.lastTerm,
      left: `${term}`,
      sign: signOf(term, ownTerm),
      right: `${ownTerm}`,
      decides: byTerm,
      terms: true,
    },
    {
      what: why().vote.lastIndex,
      left: `${index}`,
      sign: byTerm ? '' : signOf(index, ownIndex),
      right: `${ownIndex}`,
      decides: !byTerm,
    },
  ])
}

function role(scene: Scene, event: Extract<TraceEvent, { type: 'role' }>): Reason {
  const me = scene.name(event.node)
  const words = why().role
  switch (event.role) {
    case 'leader':
      return {
        question: words.leads(me, event.term),
        comparison: tally(scene, event.node),
        rule: words.leadsRule,
        section: '§5.2',
      }
    case 'candidate':
      return {
        question: words.campaigns(me),
        comparison: undefined,
        rule: event.reason === 'the leader handed over' ? words.handedOver : words.campaignsRule,
        section: event.reason === 'the leader handed over' ? 'dissertation §3.10' : '§5.2',
      }
    case 'preCandidate':
      return {
        question: words.asksFirst(me),
        comparison: undefined,
        rule: words.asksFirstRule,
        section: 'dissertation §9.6',
      }
    case 'follower':
      return {
        question: words.follows(me),
        comparison: undefined,
        rule: `${capital(phrase(event.reason))}.`,
        section: '§5.2',
      }
    default:
      return event.role satisfies never
  }
}

/** Before the tally was cleared by winning: whoever has voted for it, as of this event. */
function tally(scene: Scene, id: string): Comparison {
  const node = scene.before.nodes.get(id)
  const granted = new Set(node?.votes.filter(({ granted: yes, preVote }) => yes && !preVote).map(({ from }) => from))
  for (const event of scene.step.trace) {
    if (event.type === 'voteCounted' && event.node === id && event.granted) granted.add(event.from)
  }
  granted.add(id)
  const voters = node?.configuration.voters ?? []
  const needed = Math.floor(voters.length / 2) + 1
  return compare(why().votes, why().needed, [
    {
      what: list([...granted].map(scene.name).sort()),
      left: `${granted.size}`,
      sign: granted.size >= needed ? '≥' : '<',
      right: `${needed}`,
      decides: true,
    },
  ])
}

function refused(
  scene: Scene,
  event: Extract<TraceEvent, { type: 'refused' }>,
  message: Message | undefined,
  was: NodeView | undefined,
): Reason {
  const me = scene.name(event.node)
  const words = why().refused
  if (message?.type === 'AppendEntries' && event.reason !== 'stale term') {
    return {
      question: words.reject(me),
      comparison: consistency(scene, message, was),
      rule: words.rejectRule,
      section: '§5.3',
    }
  }
  const stale = event.reason === 'stale term' && message !== undefined && was !== undefined
  return {
    question: words.noNotice(me, event.what),
    comparison: stale
      ? compare(why().theMessage, me, [
          { what: why().termRow, left: `${message.term}`, sign: '<', right: `${was.term}`, decides: true, terms: true },
        ])
      : undefined,
    rule: stale ? words.stale : `${capital(phrase(event.reason))}.`,
    section: '§5.1',
  }
}

function consistency(
  scene: Scene,
  message: Extract<Message, { type: 'AppendEntries' }>,
  was: NodeView | undefined,
): Comparison | undefined {
  if (was === undefined) return undefined
  const { prevLogIndex, prevLogTerm } = message
  const own = prevLogIndex > was.log.lastIndex ? undefined : termAt(was.log, prevLogIndex)
  const rows: Compared[] = [
    {
      what: why().termAt(prevLogIndex),
      left: `${prevLogTerm}`,
      sign: own === prevLogTerm ? '=' : '≠',
      right: own === undefined ? why().nothing : `${own}`,
      decides: true,
      ...(own === undefined ? {} : { terms: true as const }),
    },
  ]
  return compare(why().vote.has(scene.name(message.from)), why().vote.has(scene.name(message.to)), rows)
}

function truncated(
  scene: Scene,
  event: Extract<TraceEvent, { type: 'truncated' }>,
  message: Message | undefined,
  was: NodeView | undefined,
): Reason {
  const theirs =
    message?.type === 'AppendEntries' ? message.entries.find(({ index }) => index === event.from) : undefined
  const own = was === undefined ? undefined : termAt(was.log, event.from)
  const words = why().truncated
  const me = scene.name(event.node)
  return {
    question: words.question(me, event.from),
    comparison:
      theirs === undefined || own === undefined
        ? undefined
        : compare(words.leaderHas, why().vote.has(me), [
            {
              what: why().termAt(event.from),
              left: `${theirs.term}`,
              sign: '≠',
              right: `${own}`,
              decides: true,
              terms: true,
            },
          ]),
    rule: words.rule,
    section: '§5.3',
  }
}

function committed(
  scene: Scene,
  event: Extract<TraceEvent, { type: 'committed' }>,
  message: Message | undefined,
): Reason {
  const { after } = scene
  const node = after.nodes.get(event.node)
  const me = scene.name(event.node)
  const words = why().committed
  if (message?.type === 'AppendEntries') {
    const last = message.prevLogIndex + message.entries.length
    return {
      question: words.followers(me, event.index),
      comparison: compare('leaderCommit', words.checkedUpTo, [
        {
          what: words.smaller,
          left: `${message.leaderCommit}`,
          sign: signOf(message.leaderCommit, last),
          right: `${last}`,
          decides: true,
        },
      ]),
      rule: words.followersRule,
      section: '§5.3',
    }
  }
  const holders = [...(node?.progress ?? [])]
    .filter(([, { matchIndex }]) => matchIndex >= event.index)
    .map(([id]) => id)
  if ((node?.log.durableIndex ?? 0) >= event.index) holders.push(event.node)
  const voters = node?.configuration.voters ?? []
  const needed = Math.floor(voters.length / 2) + 1
  const entry = node === undefined ? undefined : entryAt(node.log, event.index)
  return {
    question: words.leaders(event.index),
    comparison: compare(words.has, words.needs, [
      {
        what: words.onDiskAt(list(holders.map(scene.name).sort())),
        left: `${holders.length}`,
        sign: holders.length >= needed ? '≥' : '<',
        right: `${needed}`,
        decides: true,
      },
      {
        what: words.terms,
        left: `${entry?.term ?? '?'}`,
        sign: entry?.term === node?.term ? '=' : '≠',
        right: `${node?.term ?? '?'}`,
        decides: false,
        terms: true,
      },
    ]),
    rule: words.leadersRule,
    section: '§5.3, §5.4.2',
  }
}

function quiet(scene: Scene): Reason {
  const { occurrence } = scene.step
  const timer = occurrence.type === 'timer'
  const words = why().quiet
  return {
    question: timer ? words.timer : words.nothing,
    comparison: undefined,
    rule: timer ? words.timerRule : words.nothingRule,
    section: timer ? '§5.2' : '',
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const compare = (left: string, right: string, rows: readonly Compared[]): Comparison => ({ left, right, rows })

const signOf = (a: number, b: number): '<' | '=' | '>' => (a < b ? '<' : a > b ? '>' : '=')
