/** What hosts do wrong with a bad disk. Not among the known bugs of Raft, but the reason why hosts may not. */

import type { Driver } from '../driver/driver.ts'
import type { Mix } from '../driver/swarm.ts'
import type { Action } from '../world/action.ts'
import type { World } from '../world/world.ts'
import type { PlantedBug } from './bug.ts'

const withFault =
  (kind: 'rollBack' | 'flip' | 'fillDisk') =>
  (drawn: Mix): Mix => ({
    ...drawn,
    voters: 3,
    faultEveryMs: drawn.electionTimeoutMs,
    faultWeights: { ...drawn.faultWeights, [kind]: 2 },
  })

export const diskBugs: readonly PlantedBug[] = [
  {
    number: 43,
    name: 'goes on under its old id with an older copy of its disk',
    source: 'a browser profile restored from a backup',
    patches: [],
    mix: withFault('rollBack'),
    sabotage: startsAgainAfter('rollBack'),
    // A leader sends nobody again what he has acknowledged (Liveness).
    caughtBy: ['Term Monotone', 'Vote Durability', 'Election Safety', 'Leader Completeness', 'Match Index', 'Liveness'],
  },
  {
    number: 44,
    name: 'takes what it finds for what it wrote',
    source: 'a bit that flipped on a disk without checksums',
    patches: [],
    mix: withFault('flip'),
    sabotage: startsAgainAfter('flip'),
    caughtBy: [
      'Term Monotone',
      'Log Matching',
      'State Machine Safety',
      'Snapshot Equality',
      'Persist Before Acknowledge',
      'Match Index',
      'Vote Durability',
      'Core Assertion',
    ],
  },
  {
    number: 45,
    name: 'does not look whether a full disk took what it wrote',
    source: 'QuotaExceededError in an abort event that nobody listens to',
    patches: [],
    mix: withFault('fillDisk'),
    sabotage: (world, driver) =>
      listen(world, driver, 'fillDisk', action => {
        if (!action.believed) driver.act({ ...action, believed: true })
      }),
    caughtBy: ['Persist Before Acknowledge', 'Durable Quorum', 'Match Index', 'Persist Unit'],
  },
]

/** Power off right after that, and on again without a look at the disk. */
function startsAgainAfter(type: 'rollBack' | 'flip'): (world: World, driver: Driver) => void {
  return (world, driver) =>
    listen(world, driver, type, ({ node }) => {
      driver.act({ type: 'crash', node, keep: 0 })
      driver.act({ type: 'restart', node, unchecked: true })
    })
}

function listen<Type extends Action['type']>(
  world: World,
  driver: Driver,
  type: Type,
  then: (action: Extract<Action, { type: Type }>) => void,
): void {
  const before = driver.onAction
  const isIt = (action: Action): action is Extract<Action, { type: Type }> => action.type === type
  driver.onAction = (action, at, reading) => {
    before?.(action, at, reading)
    // It has not happened yet.
    if (isIt(action) && world.now < driver.mix.faultsMs) driver.after(0, () => then(action))
  }
}
