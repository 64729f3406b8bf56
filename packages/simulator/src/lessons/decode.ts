/**
 * A lesson's file, checked while it is read: each thing is what it must be, and refers to what is there. Says the place of
 * the first thing that is not. Whether the lesson also does what it says is `rehearse`'s business.
 */
import type { MembershipChange, MessageType, NodeId } from '@flotilla/core'
import { Fields, Malformed } from '@flotilla/trace'
import { propertyNames } from '../lab/counted-invariants.ts'
import type { Expectation } from '../lab/expectation.ts'
import { type RuleId, ruleIds } from '../lab/rules.ts'
import type { Instruction } from '../lab/script.ts'
import { mostNodes, nodeIds, type StartingDisk, type Tuning } from '../lab/setup.ts'
import type { ClosingCheck, Lesson, LessonSetup, LessonStep, Option, Question, Turn } from './lesson.ts'

export const LESSON_VERSION = 1

/** A lesson is some thousand characters. */
export const MAX_LESSON_CHARS = 1 << 18

export class LessonError extends Error {
  override readonly name = 'LessonError'
}

/** @throws LessonError that says where the text is no lesson, and what must stand there. */
export function readLesson(text: string): Lesson {
  if (text.length > MAX_LESSON_CHARS) throw new LessonError(`a lesson has at most ${MAX_LESSON_CHARS} characters`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new LessonError(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  return decodeLesson(value)
}

/** As `readLesson`, from what JSON has been parsed to. */
export function decodeLesson(value: unknown): Lesson {
  try {
    return lesson(new Fields(value))
  } catch (error) {
    if (error instanceof Malformed) throw new LessonError(error.message)
    throw error
  }
}

function lesson(f: Fields): Lesson {
  if (f.count('lesson') !== LESSON_VERSION) throw new Malformed('lesson', `the version ${LESSON_VERSION}`)
  const setup = lessonSetup(f.needed('setup'))
  const known = new KnownNodes(setup.nodes)
  const steps = f.records('steps', step => lessonStep(step, known))
  if (steps.length === 0) throw new Malformed('steps', 'a list of at least one')
  for (const [i, { from }] of steps.entries()) {
    if (from !== undefined && from.after > i)
      throw new Malformed(`steps[${i}].from.after`, `at most ${i}: an earlier step`)
  }
  return {
    id: f.matching('id', /^[a-z0-9-]{1,64}$/, 'made of a–z, 0–9 and -, at most 64 characters'),
    title: f.prose('title'),
    goal: f.prose('goal'),
    section: f.prose('section'),
    setup,
    steps,
    check: closingCheck(f.needed('check'), known, steps.length),
  }
}

/** The nodes that a lesson may name: its first ones, and those that appear in it. */
class KnownNodes {
  readonly ids: Set<NodeId>

  constructor(count: number) {
    this.ids = new Set(nodeIds(count))
  }

  named(f: Fields, name: string): NodeId {
    return this.check(f.node(name), f.at(name))
  }

  listed(f: Fields, name: string): readonly NodeId[] {
    return f.nodes(name).map(id => this.check(id, f.at(name)))
  }

  check(id: NodeId, place: string): NodeId {
    if (!this.ids.has(id)) throw new Malformed(place, `one of ${[...this.ids].join(', ')}; there is no «${id}»`)
    return id
  }
}

function lessonSetup(f: Fields): LessonSetup {
  const nodes = f.count('nodes')
  if (nodes < 1 || nodes > mostNodes) throw new Malformed(f.at('nodes'), `1 to ${mostNodes}`)
  const known = new KnownNodes(nodes)
  const disks = f.record('disks')
  return {
    nodes,
    ...(f.has('seed') ? { seed: f.count('seed') } : {}),
    ...(f.has('off') ? { off: rules(f) } : {}),
    ...(f.has('tuning') ? { tuning: tuning(f.needed('tuning')) } : {}),
    ...(disks === undefined
      ? {}
      : {
          disks: Object.fromEntries(
            disks.names().map(id => [known.check(id, disks.at(id)), startingDisk(disks.needed(id), known)]),
          ),
        }),
  }
}

function startingDisk(f: Fields, known: KnownNodes): StartingDisk {
  const log = f.counts('log')
  const term = f.count('term')
  if (log.some((each, i) => each < (log[i - 1] ?? 1))) throw new Malformed(f.at('log'), 'terms from 1 that never fall')
  if ((log.at(-1) ?? 0) > term) throw new Malformed(f.at('log'), `of no later term than the node’s, ${term}`)
  return { term, log, ...(f.has('votedFor') ? { votedFor: known.named(f, 'votedFor') } : {}) }
}

const rules = (f: Fields): readonly RuleId[] => f.listOf('off', ruleIds)

function tuning(f: Fields): Partial<Tuning> {
  return {
    ...(f.has('electionTimeoutMs') ? { electionTimeoutMs: f.place('electionTimeoutMs') } : {}),
    ...(f.has('heartbeatMs') ? { heartbeatMs: f.place('heartbeatMs') } : {}),
    ...(f.has('latencyMs') ? { latencyMs: range(f, 'latencyMs') } : {}),
    ...(f.has('diskMs') ? { diskMs: range(f, 'diskMs') } : {}),
    ...(f.has('preVote') ? { preVote: f.flag('preVote') } : {}),
    ...(f.has('checkQuorum') ? { checkQuorum: f.flag('checkQuorum') } : {}),
    ...(f.has('elections') ? { elections: f.oneOf('elections', ['automatic', 'manual']) } : {}),
    ...(f.has('maxEntriesPerMessage') ? { maxEntriesPerMessage: f.place('maxEntriesPerMessage') } : {}),
  }
}

function range(f: Fields, name: string): readonly [number, number] {
  const [least, most, ...others] = f.counts(name)
  if (least === undefined || most === undefined || others.length > 0 || least > most) {
    throw new Malformed(f.at(name), 'the least and the most, such as [8, 16]')
  }
  return [least, most]
}

function lessonStep(f: Fields, known: KnownNodes): LessonStep {
  const instructions = f.records('do', each => instruction(each, known), [])
  return {
    say: f.prose('say'),
    ...(f.has('more') ? { more: f.prose('more') } : {}),
    ...(f.has('from') ? { from: turn(f.needed('from')) } : {}),
    ...(f.has('ask') ? { ask: question(f.needed('ask'), known) } : {}),
    do: instructions,
    expect: f.records('expect', each => expectation(each, known), []),
  }
}

function turn(f: Fields): Turn {
  return {
    after: f.count('after'),
    ...(f.has('off') ? { off: rules(f) } : {}),
    ...(f.has('tuning') ? { tuning: tuning(f.needed('tuning')) } : {}),
  }
}

function question(f: Fields, known: KnownNodes): Question {
  const options = f.records(
    'options',
    (option): Option => ({
      text: option.prose('text'),
      when: option.records('when', each => expectation(each, known)),
      because: option.prose('because'),
    }),
  )
  if (options.length < 2 || options.length > 4) throw new Malformed(f.at('options'), 'two to four')
  return { question: f.prose('question'), options }
}

function closingCheck(f: Fields, known: KnownNodes, steps: number): ClosingCheck {
  const from = f.record('from')
  const begins = from === undefined ? undefined : turn(from)
  if (begins !== undefined && begins.after > steps) throw new Malformed('check.from.after', `at most ${steps}`)
  return {
    task: f.prose('task'),
    hint: f.prose('hint'),
    ...(begins === undefined ? {} : { from: begins }),
    solution: f.records('solution', each => instruction(each, known)),
    expect: f.records('expect', each => expectation(each, known)),
  }
}

const roles = ['follower', 'preCandidate', 'candidate', 'leader'] as const

function expectation(f: Fields, known: KnownNodes): Expectation {
  const follower = f.record('follower')
  return {
    ...(f.has('node') ? { node: known.named(f, 'node') } : {}),
    ...(f.has('up') ? { up: f.flag('up') } : {}),
    ...(f.has('role') ? { role: f.oneOf('role', roles) } : {}),
    ...(f.has('term') ? { term: f.count('term') } : {}),
    ...(f.says('votedFor') ? { votedFor: f.has('votedFor') ? known.named(f, 'votedFor') : null } : {}),
    ...(f.has('commit') ? { commit: f.count('commit') } : {}),
    ...(f.has('commitBelow') ? { commitBelow: f.count('commitBelow') } : {}),
    ...(f.has('log') ? { log: f.counts('log') } : {}),
    ...(f.has('readsAnswered') ? { readsAnswered: f.count('readsAnswered') } : {}),
    ...(follower === undefined
      ? {}
      : {
          follower: {
            id: known.named(follower, 'id'),
            ...(follower.has('matchIndex') ? { matchIndex: follower.count('matchIndex') } : {}),
            ...(follower.has('nextIndex') ? { nextIndex: follower.count('nextIndex') } : {}),
          },
        }),
    ...(f.has('broken') ? { broken: f.oneOf('broken', propertyNames) } : {}),
    ...(f.has('unbroken') ? { unbroken: truth(f, 'unbroken') } : {}),
  }
}

function truth(f: Fields, name: string): true {
  if (!f.flag(name)) throw new Malformed(f.at(name), 'true')
  return true
}

const instructionTypes = [
  'play',
  'settle',
  'until',
  'message',
  'timeout',
  'cut',
  'heal',
  'partition',
  'healAll',
  'crash',
  'restart',
  'freeze',
  'thaw',
  'clock',
  'write',
  'read',
  'change',
  'transfer',
  'compact',
  'appear',
] as const

const messageTypes = [
  'RequestPreVote',
  'RequestPreVoteResult',
  'RequestVote',
  'RequestVoteResult',
  'AppendEntries',
  'AppendEntriesResult',
  'InstallSnapshot',
  'InstallSnapshotResult',
  'TimeoutNow',
  'ReadIndex',
  'ReadIndexResult',
] as const satisfies readonly MessageType[]

function instruction(f: Fields, known: KnownNodes): Instruction {
  const type = f.oneOf('type', instructionTypes)
  switch (type) {
    case 'play':
      return { type, ms: f.place('ms') }
    case 'settle':
    case 'healAll':
      return { type }
    case 'until':
      return {
        type,
        expect: expectation(f.needed('expect'), known),
        ...(f.has('withinMs') ? { withinMs: f.place('withinMs') } : {}),
      }
    case 'message':
      return {
        type,
        deed: f.oneOf('deed', ['deliver', 'drop', 'hold', 'release', 'duplicate']),
        ...(f.has('all') ? { all: truth(f, 'all') } : {}),
        ...(f.has('kind') ? { kind: f.oneOf('kind', messageTypes) } : {}),
        ...(f.has('from') ? { from: known.named(f, 'from') } : {}),
        ...(f.has('to') ? { to: known.named(f, 'to') } : {}),
      }
    case 'timeout':
      return { type, nodes: known.listed(f, 'nodes') }
    case 'cut':
    case 'heal':
      return { type, from: known.named(f, 'from'), to: known.named(f, 'to') }
    case 'partition':
      return { type, groups: f.lists('groups').map(group => group.map(id => known.check(id, f.at('groups')))) }
    case 'crash':
      return { type, node: known.named(f, 'node'), flushed: f.flag('flushed', true) }
    case 'restart':
      return { type, node: known.named(f, 'node'), emptied: f.flag('emptied', false) }
    case 'freeze':
    case 'thaw':
    case 'compact':
      return { type, node: known.named(f, 'node') }
    case 'clock':
      return { type, node: known.named(f, 'node'), rate: f.time('rate') }
    case 'write':
      return { type, node: known.named(f, 'node'), key: f.count('key', 0) }
    case 'read':
      return { type, node: known.named(f, 'node'), key: f.count('key', 0), local: f.flag('local', false) }
    case 'change':
      return { type, node: known.named(f, 'node'), changes: f.records('changes', each => change(each, known)) }
    case 'transfer':
      return { type, node: known.named(f, 'node'), to: known.named(f, 'to') }
    case 'appear':
      return { type, node: appearing(f, known) }
    default:
      return type satisfies never
  }
}

function appearing(f: Fields, known: KnownNodes): NodeId {
  const id = f.oneOf('node', nodeIds(mostNodes))
  known.ids.add(id)
  return id
}

function change(f: Fields, known: KnownNodes): MembershipChange {
  return { type: f.oneOf('type', ['addLearner', 'addVoter', 'demote', 'remove']), id: known.named(f, 'id') }
}
