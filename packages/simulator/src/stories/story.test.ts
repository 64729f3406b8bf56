import { emptyState, type Message } from '@flotilla/core'
import { expect, describe as group, test } from 'vitest'
import { simulate } from '../driver/run.ts'
import { type Action, type ActionType, actionCodes } from '../world/action.ts'
import { record, replay } from './replay.ts'
import { describe, tell } from './story.ts'

const message: Message = { type: 'TimeoutNow', from: 'n2', to: 'n1', term: 3 }
const envelope = { number: 1, from: 1, to: 0, message, bytes: undefined }
const node = 0

/** One of each: the compiler asks for the new ones. */
const examples: Readonly<{ [Type in ActionType]: Extract<Action, { type: Type }> }> = {
  deliver: { type: 'deliver', node, envelope },
  tick: { type: 'tick', node },
  flush: { type: 'flush', node },
  propose: { type: 'propose', node, client: 1, key: 2, padding: 0, drain: true },
  read: { type: 'read', node, client: 1, key: 3, drain: true },
  change: { type: 'change', node, changes: [{ type: 'remove', id: 'n7' }] },
  transfer: { type: 'transfer', node, to: 'n9', atOnce: true },
  compact: { type: 'compact', node },
  drain: { type: 'drain', node },
  resume: { type: 'resume', node },
  crash: { type: 'crash', node, keep: 4 },
  fuse: { type: 'fuse', node, effects: 5, keep: 0 },
  restart: { type: 'restart', node },
  vanish: { type: 'vanish', node },
  appear: { type: 'appear', node, id: 'n1', initial: emptyState },
  wipe: { type: 'wipe', node },
  failDisk: { type: 'failDisk', node },
  fillDisk: { type: 'fillDisk', node, room: 6 },
  repairDisk: { type: 'repairDisk', node },
  copyDisk: { type: 'copyDisk', node },
  rollBack: { type: 'rollBack', node },
  flip: { type: 'flip', node, record: 8, bit: 9 },
}

group('a story', () => {
  test('has other words for each kind of action', () => {
    const told = Object.values(examples).map(describe)
    expect(told.every(text => text.length > 0 && !text.includes('undefined') && !text.includes('[object'))).toBe(true)
    expect(new Set(told).size).toBe(Object.keys(actionCodes).length)
  })

  test('says what an action was about', () => {
    for (const [type, about] of [
      ['deliver', 'TimeoutNow'],
      ['propose', '2'],
      ['read', '3'],
      ['change', 'remove n7'],
      ['transfer', 'n9 at once'],
      ['crash', '4'],
      ['fuse', '5'],
      ['fillDisk', '6'],
      ['flip', '9'],
    ] as const) {
      expect(describe(examples[type])).toContain(about)
    }
  })

  test('has one line for each thing that happened, in their order, up to as many as are asked for', () => {
    for (const seed of [1, 2, 3]) {
      let events = 0
      let all = (): readonly string[] => []
      simulate(seed, {
        observe: (world, driver) => {
          all = tell(world, driver, Number.POSITIVE_INFINITY).lines
          const { onAction } = driver
          driver.onAction = (action, at, reading) => {
            events += 1
            onAction?.(action, at, reading)
          }
        },
      })
      const lines = all()
      expect(lines).toHaveLength(events)
      const times = lines.map(line => Number.parseFloat(line))
      expect(times.every((at, i) => at >= (times[i - 1] ?? 0))).toBe(true)

      let last = (): readonly string[] => []
      simulate(seed, {
        observe: (world, driver) => {
          last = tell(world, driver, 10).lines
        },
      })
      expect(last()).toEqual(lines.slice(-10))
    }
  })

  test('tells a replay as it told the run, but for what came to nothing', () => {
    const recording = record(5)
    let told = (): readonly string[] => []
    replay(recording, recording.happenings, {}, (world, source) => {
      told = tell(world, source, recording.happenings.length).lines
    })
    let first = (): readonly string[] => []
    simulate(5, {
      observe: (world, driver) => {
        first = tell(world, driver, recording.happenings.length).lines
      },
    })
    // What nobody was there for is passed over by a replay.
    const inRun = first()
    let at = -1
    for (const line of told()) {
      at = inRun.indexOf(line, at + 1)
      expect(at, line).toBeGreaterThanOrEqual(0)
    }
    expect(told().length).toBeGreaterThan(100)
  })

  test('says who comes up, leads, and goes down', () => {
    let lines = (): readonly string[] => []
    simulate(3, {
      mix: drawn => ({
        ...drawn,
        voters: 3,
        faultEveryMs: drawn.electionTimeoutMs,
        faultWeights: { ...drawn.faultWeights, crash: 2 },
      }),
      observe: (world, driver) => {
        lines = tell(world, driver, Number.POSITIVE_INFINITY).lines
      },
    })
    const told = lines()
    for (const what of ['appears', '→ leader', 'crashes', '→ down', 'starts again', 'commit']) {
      expect(
        told.some(line => line.includes(what)),
        what,
      ).toBe(true)
    }
  })
})
