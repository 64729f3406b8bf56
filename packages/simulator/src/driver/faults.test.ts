import { describe, expect, test } from 'vitest'
import { record } from '../stories/replay.ts'
import type { ActionType } from '../world/action.ts'
import type { World } from '../world/world.ts'
import { hasMajority } from './faults.ts'
import { simulate } from './run.ts'
import { type FaultKind, faultKinds, type Mix } from './swarm.ts'

/** Nothing ever goes wrong, but for this. */
const only =
  (kind: FaultKind | undefined) =>
  (drawn: Mix): Mix => {
    const none = Object.fromEntries(faultKinds.map(each => [each, each === kind ? 1 : 0]))
    return {
      ...drawn,
      voters: 3,
      faultEveryMs: drawn.electionTimeoutMs,
      faultLastsMs: drawn.electionTimeoutMs,
      faultWeights: { ...drawn.faultWeights, ...none },
      network: { ...drawn.network, loss: 0, duplication: 0, replay: 0 },
      changeEveryMs: 1e9,
      transferEveryMs: 1e9,
      minorityStaysFaulty: false,
    }
  }

/** Which actions, beside the everyday ones, each kind may show itself by. */
const shows: Readonly<Record<FaultKind, readonly ActionType[]>> = {
  crash: ['crash', 'restart'],
  crashLeader: ['crash', 'restart'],
  crashEverybody: ['crash', 'restart'],
  fuse: ['fuse', 'restart'],
  partition: [],
  isolateLeader: [],
  cutOneWay: [],
  bridge: [],
  filter: [],
  clog: [],
  slowDisk: [],
  freeze: ['resume'],
  starve: [],
  jump: ['resume'],
  skew: [],
  coalesce: [],
  vanish: ['vanish'],
  failDisk: ['failDisk', 'repairDisk', 'restart'],
  fillDisk: ['fillDisk', 'repairDisk', 'restart'],
  rollBack: ['crash', 'copyDisk', 'rollBack', 'restart'],
  flip: ['flip', 'crash', 'restart'],
  restartBesideCandidate: ['crash', 'restart'],
}
const everyday: readonly ActionType[] = ['appear', 'deliver', 'tick', 'flush', 'propose', 'read', 'compact', 'drain']

describe('a day of nothing but', () => {
  for (const kind of faultKinds) {
    test(`${kind} has that and no other, and breaks nothing`, () => {
      const seen = new Set<ActionType>()
      for (let seed = 1; seed <= 15; seed++) {
        let calmAt = Number.POSITIVE_INFINITY
        const { violations } = simulate(seed, {
          mix: only(kind),
          observe: (world, driver) => {
            driver.onCalm = () => {
              calmAt = world.now
            }
            driver.onAction = ({ type }, at) => {
              if (at < calmAt) seen.add(type)
            }
          },
        })
        expect(violations, `seed ${seed}`).toEqual([])
      }
      const strange = [...seen].filter(type => !everyday.includes(type))
      expect(strange.filter(type => !shows[kind].includes(type))).toEqual([])
      expect(shows[kind].filter(type => !seen.has(type))).toEqual([])
    })
  }

  test('nothing has no crash, no lost identity and no refused unit', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { marks, violations } = simulate(seed, { mix: only(undefined) })
      expect(violations).toEqual([])
      expect(marks.has('leader crashed')).toBe(false)
      expect(marks.has('crash lost a unit')).toBe(false)
    }
  })
})

test('however many disks are lost, a majority of every configuration keeps its own', () => {
  for (const kind of ['vanish', 'rollBack', 'flip'] as const) {
    for (let seed = 1; seed <= 10; seed++) {
      let world: World | undefined
      simulate(seed, {
        mix: drawn => ({ ...only(kind)(drawn), voters: 5, faultEveryMs: drawn.electionTimeoutMs / 4 }),
        observe: observed => {
          world = observed
        },
      })
      for (const { status } of world?.nodes ?? []) {
        if (status === undefined) continue
        expect(hasMajority(status.configuration, id => world?.node(id)?.vanished === false)).toBe(true)
      }
    }
  }
})

test('whatever happens to disks is in the list of what happened, so that it can be replayed and left out', () => {
  const { happenings } = record(3, { mix: only('failDisk') })
  expect(happenings.some(({ action }) => action.type === 'failDisk')).toBe(true)
  expect(happenings.some(({ action }) => action.type === 'repairDisk')).toBe(true)
})
