/** What a planted bug is: a known mistake, as a change of the core's source, or of what a host does around it. */
import type { Driver } from '../driver/driver.ts'
import type { Mix } from '../driver/swarm.ts'
import type { MakeRaft } from '../world/node.ts'
import type { World } from '../world/world.ts'

/** In this file of core, this text, which is there once, becomes that. */
export interface Patch {
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface PlantedBug {
  readonly number: number
  readonly name: string
  /** Where it was found in the wild. */
  readonly source: string
  /** To a copy of the core; none if the mistake is the host's. */
  readonly patches: readonly Patch[]
  /** Around each core, patched or not. */
  readonly wrap?: (makeRaft: MakeRaft) => MakeRaft
  /** What the host does wrong, where that is no matter of one core. */
  readonly sabotage?: (world: World, driver: Driver) => void
  /** The weather that it needs, where the seeds' own rarely brings it. */
  readonly mix?: (drawn: Mix) => Mix
  /** The properties that may catch it: those that name it, and those that break next. */
  readonly caughtBy: readonly string[]
}

export const patch = (file: string, from: string, to: string): Patch => ({ file, from, to })
