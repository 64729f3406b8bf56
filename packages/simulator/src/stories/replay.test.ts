/** A replay is the run: what is performed again comes to the same, happening for happening, and not only to the same end. */
import { expect, test } from 'vitest'
import { simulate } from '../driver/run.ts'
import { plantedBugs } from '../planted/bugs.ts'
import { hunt, optionsFor } from '../planted/hunt.ts'
import type { Action } from '../world/action.ts'
import type { World } from '../world/world.ts'
import { record, replay } from './replay.ts'

/** What was about to happen, to a world that looked like this. */
interface Scene {
  readonly action: Action
  readonly before: string
}

function look({ nodes, messages }: World): string {
  const views = nodes.map(({ isUp, machine, status }) => [
    isUp,
    machine.digest(),
    status?.currentTerm,
    status?.role,
    status?.votedFor,
    status?.lastIndex,
    status?.commitIndex,
  ])
  return JSON.stringify([messages, views])
}

function isSame(a: Scene, b: Scene): boolean {
  if (a.action.type !== b.action.type || a.action.node !== b.action.node || a.before !== b.before) return false
  return (
    a.action.type !== 'deliver' || b.action.type !== 'deliver' || a.action.envelope.number === b.action.envelope.number
  )
}

test('every happening finds the world in a replay as it was in the run', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const run: Scene[] = []
    let isCalm = false
    simulate(seed, {
      observe: (world, driver) => {
        driver.onCalm = () => {
          isCalm = true
        }
        driver.onAction = action => {
          if (!isCalm) run.push({ action, before: look(world) })
        }
      },
    })
    const again: Scene[] = []
    const recording = record(seed)
    replay(recording, recording.happenings.slice(0, run.length), {}, (world, source) => {
      source.onAction = action => again.push({ action, before: look(world) })
    })
    // What nobody was there for is passed over.
    let at = -1
    for (const scene of again) {
      at = run.findIndex((each, i) => i > at && isSame(each, scene))
      expect(at, `seed ${seed}: ${scene.action.type} at node ${scene.action.node}`).toBeGreaterThanOrEqual(0)
    }
    expect(again.length).toBeGreaterThan(run.length / 4)
  }
})

test('what follows the bad day is the same in a replay, to the last message and the hundredth of a millisecond', () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 10, 91, 153, 190, 250]) {
    let run: World | undefined
    let happened = 0
    let stormy = 0
    simulate(seed, {
      observe: (world, driver) => {
        run = world
        driver.onAction = () => {
          happened += 1
        }
        driver.onCalm = () => {
          stormy = happened
        }
      },
    })
    let again: World | undefined
    const recording = { ...record(seed), failsInCalm: true }
    replay(recording, recording.happenings.slice(0, stormy), {}, world => {
      again = world
    })
    if (run === undefined || again === undefined) throw new Error('there was no world')
    expect(look(again), `seed ${seed}`).toBe(look(run))
    expect(again.now).toBeCloseTo(run.now, 2)
  }
})

test('whatever a hunt finds fails in its replay, too', async () => {
  for (const name of ['counts non-voters in a quorum', 'counts duplicate votes']) {
    const bug = plantedBugs.find(each => each.name === name)
    if (bug === undefined) throw new Error(`no bug ${name}`)
    const options = await optionsFor(bug)
    const found = hunt(options, 1, 500)
    const recording = record(found?.seed ?? 0, options)
    expect(recording.violation?.property).toBe(found?.property)
    expect(replay(recording, recording.happenings, options)).toEqual(recording.violation)
  }
})
