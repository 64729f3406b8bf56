/** For each kind of event the rule that decided, and the values that it compared: from the message and the node as they were. */
import type { Message, TraceEvent } from '@flotilla/core'
import type { Step } from '@flotilla/simulator/lab'
import { entryAt, termAt } from '../../trace-view/log-view.ts'
import type { ClusterView, NodeView } from '../../trace-view/view.ts'
import { list } from '../../words/forms.ts'
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
      question: `What broke ${violation.property}?`,
      comparison: undefined,
      rule: violation.detail.split('\n')[0] ?? '',
      section: 'figure 3',
    }
  }
  const event = principal(step)
  if (event === undefined) return quiet(scene)
  const was = scene.before.nodes.get(event.node)
  const message = messageOf(step)
  const me = scene.name(event.node)
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
        question: `Why did ${me} append?`,
        comparison: message?.type === 'AppendEntries' ? consistency(scene, message, was) : undefined,
        rule:
          message?.type === 'AppendEntries'
            ? 'The entry before the new ones is the same in both logs, so everything before it is, too.'
            : 'A leader appends what clients ask for to its own log, and only ever appends.',
        section: '§5.3',
      }
    case 'term':
      return {
        question: `Why did ${me} move to term ${event.term}?`,
        comparison: compare('the message', me, [
          { what: 'term', left: `${event.term}`, sign: '>', right: `${was?.term ?? 0}`, decides: true, terms: true },
        ]),
        rule: 'Whoever sees a higher term takes it over and becomes a follower.',
        section: '§5.1',
      }
    case 'voteCounted':
      return {
        question: `Why does ${me} wait?`,
        comparison: tally(scene, event.node),
        rule: 'A candidate needs the votes of a majority of all voters, its own among them.',
        section: '§5.2',
      }
    case 'configuration':
      return {
        question: 'Why does the membership change now?',
        comparison: undefined,
        rule: 'A node goes by the latest configuration in its log, committed or not.',
        section: '§6',
      }
    case 'snapshot':
      return {
        question: event.action === 'taken' ? `Why did ${me} drop entries?` : `Why did ${me} get a snapshot?`,
        comparison: undefined,
        rule:
          event.action === 'taken'
            ? 'What is applied can be kept as the state that it led to, instead of the entries.'
            : 'The leader no longer has the entries that this node lacks, so it sends the state they led to.',
        section: '§7',
      }
    case 'crashed':
      return {
        question: `What did ${me} lose?`,
        comparison: undefined,
        rule: 'currentTerm, votedFor and the log survive on disk; commitIndex and everything else is found out again.',
        section: 'figure 2',
      }
    case 'started':
      return {
        question: `What does ${me} know?`,
        comparison: undefined,
        rule: 'A node begins as a follower with what is on its disk: currentTerm, votedFor and the log.',
        section: 'figure 2',
      }
    case 'progress':
      return {
        question: `What does ${me} know now?`,
        comparison: compare('follower', 'leader', [
          { what: 'matchIndex', left: `${event.matchIndex}`, sign: '', right: '', decides: true },
          { what: 'nextIndex', left: `${event.nextIndex}`, sign: '', right: '', decides: false },
        ]),
        rule: 'An answer tells the leader how far a follower’s log equals its own, and what to send next.',
        section: '§5.3',
      }
    case 'dropped':
      return {
        question: 'Why did this message not arrive?',
        comparison: undefined,
        rule: `${event.reason.charAt(0).toUpperCase()}${event.reason.slice(1)}. Raft expects that of any message: whoever waits asks again.`,
        section: '§5.1',
      }
    case 'durable':
      return {
        question: `Why did ${me} wait for its disk?`,
        comparison: undefined,
        rule: 'What a node promises in an answer must be on its disk first: a term, a vote, an entry.',
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
  const base = {
    question: event.granted ? `Why did ${me} vote for ${candidate}?` : `Why did ${me} refuse?`,
    section: event.preVote ? 'dissertation §9.6' : '§5.2',
  }
  switch (event.reason) {
    case 'stale term':
      return {
        ...base,
        comparison: compare(`${candidate} asks`, `${me} has`, [
          { what: 'term', left: `${event.term}`, sign: '<', right: `${was?.term ?? 0}`, decides: true, terms: true },
        ]),
        rule: 'A request of an earlier term is refused: its sender does not know yet that others have moved on.',
        section: '§5.1',
      }
    case 'leader is alive':
      return {
        ...base,
        comparison: undefined,
        rule: 'A node that has heard from a leader lately helps to elect nobody else.',
        section: 'dissertation §4.2.3',
      }
    case 'already voted':
      return {
        ...base,
        comparison: compare(`${candidate} asks`, `${me} has`, [
          {
            what: 'vote in this term',
            left: candidate,
            sign: '≠',
            right: was?.votedFor === undefined ? '–' : scene.name(was.votedFor),
            decides: true,
          },
        ]),
        rule: 'A node votes for at most one candidate in a term: first come, first served.',
      }
    default:
      return {
        ...base,
        comparison:
          asks === undefined || was === undefined
            ? undefined
            : upToDate(`${candidate} asks`, `${me} has`, asks.lastLogTerm, asks.lastLogIndex, was),
        rule: event.granted
          ? 'It had not voted in this term, and the candidate’s log is at least as up to date as its own.'
          : 'A vote goes only to a log at least as up to date: the later last term first, then the longer log.',
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
      what: 'last entry’s term',
      left: `${term}`,
      sign: signOf(term, ownTerm),
      right: `${ownTerm}`,
      decides: byTerm,
      terms: true,
    },
    {
      what: 'last entry’s index',
      left: `${index}`,
      sign: byTerm ? '' : signOf(index, ownIndex),
      right: `${ownIndex}`,
      decides: !byTerm,
    },
  ])
}

function role(scene: Scene, event: Extract<TraceEvent, { type: 'role' }>): Reason {
  const me = scene.name(event.node)
  switch (event.role) {
    case 'leader':
      return {
        question: `Why does ${me} lead term ${event.term}?`,
        comparison: tally(scene, event.node),
        rule: 'A candidate with the votes of a majority leads its term. Two majorities share a node, and each votes once.',
        section: '§5.2',
      }
    case 'candidate':
      return {
        question: `Why does ${me} ask for votes?`,
        comparison: undefined,
        rule:
          event.reason === 'the leader handed over'
            ? 'The leader told it to start an election at once.'
            : 'A node that hears from no leader for its election timeout raises its term, votes for itself and asks the others.',
        section: event.reason === 'the leader handed over' ? 'dissertation §3.10' : '§5.2',
      }
    case 'preCandidate':
      return {
        question: `Why does ${me} ask first?`,
        comparison: undefined,
        rule: 'Before it raises its term, a node asks whether it could win: a term that nobody needs disturbs everybody.',
        section: 'dissertation §9.6',
      }
    case 'follower':
      return {
        question: `Why is ${me} a follower now?`,
        comparison: undefined,
        rule: `${event.reason.charAt(0).toUpperCase()}${event.reason.slice(1)}.`,
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
  return compare('votes', 'needed', [
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
  if (message?.type === 'AppendEntries' && event.reason !== 'stale term') {
    return {
      question: `Why did ${me} reject it?`,
      comparison: consistency(scene, message, was),
      rule: 'New entries go in only behind an entry that is the same in both logs. The leader tries again further back.',
      section: '§5.3',
    }
  }
  const stale = event.reason === 'stale term' && message !== undefined && was !== undefined
  return {
    question: `Why did ${me} take no notice of ${event.what}?`,
    comparison: stale
      ? compare('the message', me, [
          { what: 'term', left: `${message.term}`, sign: '<', right: `${was.term}`, decides: true, terms: true },
        ])
      : undefined,
    rule: stale
      ? 'What comes from an earlier term is out of date, and changes nothing.'
      : `${event.reason.charAt(0).toUpperCase()}${event.reason.slice(1)}.`,
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
      what: `term at index ${prevLogIndex}`,
      left: `${prevLogTerm}`,
      sign: own === prevLogTerm ? '=' : '≠',
      right: own === undefined ? 'nothing' : `${own}`,
      decides: true,
      ...(own === undefined ? {} : { terms: true as const }),
    },
  ]
  return compare(`${scene.name(message.from)} has`, `${scene.name(message.to)} has`, rows)
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
  return {
    question: `Why did ${scene.name(event.node)} remove entry ${event.from}?`,
    comparison:
      theirs === undefined || own === undefined
        ? undefined
        : compare('the leader has', `${scene.name(event.node)} has`, [
            {
              what: `term at index ${event.from}`,
              left: `${theirs.term}`,
              sign: '≠',
              right: `${own}`,
              decides: true,
              terms: true,
            },
          ]),
    rule: 'Where an entry conflicts with the leader’s, it goes, and all that follows it. It was never committed.',
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
  if (message?.type === 'AppendEntries') {
    const last = message.prevLogIndex + message.entries.length
    return {
      question: `Why does ${me} call entry ${event.index} committed?`,
      comparison: compare('leaderCommit', 'checked up to', [
        {
          what: 'the smaller of both',
          left: `${message.leaderCommit}`,
          sign: signOf(message.leaderCommit, last),
          right: `${last}`,
          decides: true,
        },
      ]),
      rule: 'A follower commits what the leader says is committed, as far as this message checked its log.',
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
    question: `Why is entry ${event.index} committed?`,
    comparison: compare('has', 'needs', [
      {
        what: `on disk at ${list(holders.map(scene.name).sort())}`,
        left: `${holders.length}`,
        sign: holders.length >= needed ? '≥' : '<',
        right: `${needed}`,
        decides: true,
      },
      {
        what: 'term of the entry, and of its leader',
        left: `${entry?.term ?? '?'}`,
        sign: entry?.term === node?.term ? '=' : '≠',
        right: `${node?.term ?? '?'}`,
        decides: false,
        terms: true,
      },
    ]),
    rule: 'An entry of the leader’s own term is committed once a majority has it on disk; everything before it is, too.',
    section: '§5.3, §5.4.2',
  }
}

function quiet(scene: Scene): Reason {
  const { occurrence } = scene.step
  const timer = occurrence.type === 'timer'
  return {
    question: timer ? 'Why does the leader send now?' : 'What happened here?',
    comparison: undefined,
    rule: timer
      ? 'A leader lets itself be heard often enough that nobody’s election timer runs out.'
      : 'Nothing that any rule had to decide.',
    section: timer ? '§5.2' : '',
  }
}

const compare = (left: string, right: string, rows: readonly Compared[]): Comparison => ({ left, right, rows })

const signOf = (a: number, b: number): '<' | '=' | '>' => (a < b ? '<' : a > b ? '>' : '=')
