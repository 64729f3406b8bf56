import { type Instruction, loadSwitches } from '@flotilla/simulator/lab'
import { lessons, rightOption, sceneAfter } from '@flotilla/simulator/lessons'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { drawnFrames, type Frames } from '../lab/drawn-frames.ts'
import { LessonSession } from './lesson-session.ts'

beforeAll(loadSwitches)

/** Where nothing is drawn, what would play stands at its beginning until it is skipped. */
let frames: Frames

beforeEach(() => {
  frames = drawnFrames()
})

/** From the goal to the task, answering as `choose` says. */
function playThrough(session: LessonSession, choose: (right: number, options: number) => number): void {
  const { lesson, store } = session
  session.goTo(0)
  expect(store.getState().phase).toBe('goal')
  for (const [i, step] of lesson.steps.entries()) {
    session.goTo(i + 1)
    if (step.ask !== undefined) {
      expect(store.getState().phase).toBe('asking')
      const right = rightOption(step.ask, sceneAfter(lesson, i + 1).run)
      expect(right).toBeDefined()
      const chosen = choose(right ?? 0, step.ask.options.length)
      session.predict(chosen)
      expect(store.getState().right).toBe(right)
      expect(store.getState().predictions[i + 1]).toBe(chosen)
    }
    session.skip()
    expect(store.getState().phase).toBe('told')
    expect(session.isFree).toBe(false)
  }
  session.goTo(session.taskNumber)
  expect(store.getState().phase).toBe('task')
}

/** What comes to rest in a lesson has done so after this. Virtual milliseconds. */
const REST_MS = 100

/** As a learner does it: with the tools, and by letting time pass. */
function doByHand({ lab }: LessonSession, script: readonly Instruction[]): void {
  for (const instruction of script) {
    switch (instruction.type) {
      case 'play':
      case 'settle':
      case 'until':
        lab.play()
        frames.draw((instruction.type === 'play' ? instruction.ms : REST_MS) * lab.pace)
        lab.pause()
        break
      case 'message':
        throw new Error('no task is done by that')
      default:
        expect(lab.act(instruction), JSON.stringify(instruction)).toBe(true)
    }
  }
}

describe.each(lessons.map(lesson => [lesson.title, lesson] as const))('%s', (_, lesson) => {
  it('is played to its end with right predictions, and its task can be done', () => {
    const session = new LessonSession(lesson)
    playThrough(session, right => right)
    session.showSolution()
    session.skip()
    expect(session.store.getState().phase).toBe('done')
  })

  it('has a task that can be done by hand', () => {
    const session = new LessonSession(lesson)
    session.goTo(session.taskNumber)
    doByHand(session, lesson.check.solution)
    expect(session.store.getState().phase).toBe('done')
  })

  it('is played to its end with wrong predictions, and names what was behind each', () => {
    const session = new LessonSession(lesson)
    playThrough(session, (right, options) => (right + 1) % options)
    for (const [step, chosen] of Object.entries(session.store.getState().predictions)) {
      expect(lesson.steps[Number(step) - 1]?.ask?.options[chosen]?.because).toBeTruthy()
    }
  })
})

describe('a lesson', () => {
  const [first] = lessons
  if (first === undefined) throw new Error('there are lessons')

  it('lets one go one’s own way, and come back to the step', () => {
    const session = new LessonSession(first)
    session.goTo(1)
    session.skip()
    const { steps } = session.lab.run
    expect(session.lab.act({ type: 'crash', node: 'S2', flushed: true })).toBe(true)
    expect(session.isFree).toBe(true)
    session.goTo(1)
    session.skip()
    expect(session.isFree).toBe(false)
    expect(session.lab.run.steps.length).toBe(steps.length - 1)
  })

  it('that asks is no longer shown once somebody plays on', () => {
    const place = first.steps.findIndex(({ ask }) => ask !== undefined) + 1
    const session = new LessonSession(first)
    session.goTo(place)
    expect(session.store.getState().phase).toBe('asking')
    expect(session.isFree).toBe(false)
    session.lab.play()
    frames.draw(10_000)
    expect(session.isFree).toBe(true)
    session.goTo(place)
    expect(session.isFree).toBe(false)
    expect(session.store.getState().phase).toBe('asking')
  })

  it('is told once all of it was seen, also to whoever pauses and plays on', () => {
    const place = first.steps.findIndex(({ ask }) => ask !== undefined) + 1
    const session = new LessonSession(first)
    session.goTo(place)
    session.predict(0)
    const { lab, store } = session
    frames.draw(200)
    lab.pause()
    expect(store.getState().phase).toBe('watching')
    lab.play()
    frames.draw(20_000)
    expect(lab.playing).toBe(true)
    expect(store.getState().phase).toBe('told')
    expect(session.isFree).toBe(true)
  })

  it('asks again when it is told to', () => {
    const lesson = lessons.find(({ steps }) => steps.some(({ ask }) => ask !== undefined))
    if (lesson === undefined) throw new Error('a lesson asks')
    const place = lesson.steps.findIndex(({ ask }) => ask !== undefined) + 1
    const session = new LessonSession(lesson)
    session.goTo(place)
    session.predict(0)
    session.goTo(place)
    expect(session.store.getState().phase).not.toBe('asking')
    session.askAgain()
    expect(session.store.getState().phase).toBe('asking')
  })

  it('sees at once that its task is done, also while time passes, and not while one watches how', () => {
    const session = new LessonSession(first)
    const { lab, store } = session
    session.goTo(session.taskNumber)
    const { solution } = first.check
    doByHand(session, solution.slice(0, 2))
    lab.play()
    doByHand(session, solution.slice(2, 3))
    expect(store.getState().phase).toBe('task')
    frames.draw(REST_MS * lab.pace)
    expect(lab.playing).toBe(true)
    expect(store.getState().phase).toBe('done')

    session.showSolution()
    frames.draw(500)
    lab.pause()
    expect(store.getState().phase).toBe('task')
    lab.play()
    frames.draw(20_000)
    expect(store.getState().phase).toBe('done')
  })
})
