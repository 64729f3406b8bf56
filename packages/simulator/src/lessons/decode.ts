/**
 * A lesson's file, checked while it is read: each thing is what it must be, and refers to what is there. Says the place of
 * the first thing that is not. Whether the lesson also does what it says is `rehearse`'s business.
 */
import type { MessageType } from '@flotilla/core'
import { Fields, Malformed } from '@flotilla/trace'
import { propertyNames } from '../lab/counted-invariants.ts'
import { decodeMove, moveTypes } from '../lab/decode-move.ts'
import { decodeRules, decodeSetup, decodeTuning, KnownNodes } from '../lab/decode-setup.ts'
import type { Expectation, PlainExpectation } from '../lab/expectation.ts'
import { type Happening, happeningTypes } from '../lab/happening.ts'
import type { Instruction } from '../lab/script.ts'
import type { ClosingCheck, Lesson, LessonStep, Option, Question, Turn } from './lesson.ts'

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
  const setup = decodeSetup(f.needed('setup'))
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

function lessonStep(f: Fields, known: KnownNodes): LessonStep {
  const instructions = f.records('do', each => instruction(each, known), [])
  const expected = f.records('expect', each => expectation(each, known), [])
  if (f.has('ask') && expected.length === 0) throw new Malformed(f.at('expect'), 'a list of at least one')
  return {
    say: f.prose('say'),
    ...(f.has('more') ? { more: f.prose('more') } : {}),
    ...(f.has('from') ? { from: turn(f.needed('from')) } : {}),
    ...(f.has('ask') ? { ask: question(f.needed('ask'), known) } : {}),
    do: instructions,
    expect: expected,
  }
}

function turn(f: Fields): Turn {
  return {
    after: f.count('after'),
    ...(f.has('off') ? { off: decodeRules(f) } : {}),
    ...(f.has('tuning') ? { tuning: decodeTuning(f.needed('tuning')) } : {}),
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
  const meant = f.place('meant')
  if (meant > options.length) throw new Malformed(f.at('meant'), `at most ${options.length}`)
  return { question: f.prose('question'), meant, options }
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
  return {
    ...plainExpectation(f, known),
    ...(f.has('any') ? { any: f.records('any', each => plainExpectation(each, known)) } : {}),
  }
}

function plainExpectation(f: Fields, known: KnownNodes): PlainExpectation {
  const follower = f.record('follower')
  return {
    ...(f.has('node') ? { node: known.named(f, 'node') } : {}),
    ...(f.has('up') ? { up: f.flag('up') } : {}),
    ...(f.has('role') ? { role: f.oneOf('role', roles) } : {}),
    ...(f.has('term') ? { term: f.count('term') } : {}),
    ...(f.has('termAtLeast') ? { termAtLeast: f.count('termAtLeast') } : {}),
    ...(f.says('votedFor') ? { votedFor: f.has('votedFor') ? known.named(f, 'votedFor') : null } : {}),
    ...(f.has('commit') ? { commit: f.count('commit') } : {}),
    ...(f.has('commitBelow') ? { commitBelow: f.count('commitBelow') } : {}),
    ...(f.has('log') ? { log: f.counts('log') } : {}),
    ...(f.has('logBegins') ? { logBegins: f.counts('logBegins') } : {}),
    ...(f.has('readsAnswered') ? { readsAnswered: f.count('readsAnswered') } : {}),
    ...(f.has('readsWaiting') ? { readsWaiting: f.count('readsWaiting') } : {}),
    ...(f.has('sameLog') ? { sameLog: known.listed(f, 'sameLog') } : {}),
    ...(f.has('cut')
      ? { cut: f.records('cut', each => ({ from: known.named(each, 'from'), to: known.named(each, 'to') })) }
      : {}),
    ...(f.has('happened') ? { happened: f.records('happened', each => happening(each, known)) } : {}),
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

function happening(f: Fields, known: KnownNodes): Happening {
  const type = f.oneOf('type', happeningTypes)
  switch (type) {
    case 'written':
    case 'read':
      return { type }
    case 'committed':
      return { type, index: f.place('index') }
    default:
      return { type, node: known.named(f, 'node') }
  }
}

function truth(f: Fields, name: string): true {
  if (!f.flag(name)) throw new Malformed(f.at(name), 'true')
  return true
}

/** A person who writes a lesson cannot know how a message will be called: those moves are made by `message`. */
const namesMessage: readonly string[] = ['deliver', 'drop', 'duplicate', 'delay', 'hold', 'release']
const writtenMoves = moveTypes.filter(type => !namesMessage.includes(type))

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

const scriptTypes = ['play', 'settle', 'until', 'message'] as const

function instruction(f: Fields, known: KnownNodes): Instruction {
  const type = f.oneOf('type', [...scriptTypes, ...writtenMoves])
  switch (type) {
    case 'play':
      return { type, ms: f.place('ms') }
    case 'settle':
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
    default:
      return decodeMove(f, known)
  }
}
