/** One seed, from the first configuration to the last verdict. */
import { type Entry, initialConfiguration, Raft, type RecoveredState } from '@flotilla/core'
import { Random } from '../ground/random.ts'
import { boundedLog } from '../invariants/bounded-log.ts'
import { boundedMemory } from '../invariants/bounded-memory.ts'
import { Checker, coreInvariants } from '../invariants/checker.ts'
import { freshDeadline } from '../invariants/fresh-deadline.ts'
import type { Violation } from '../invariants/invariant.ts'
import { leaseExclusion } from '../invariants/lease-exclusion.ts'
import { checkLinearizable } from '../invariants/linearizability.ts'
import { readRounds } from '../invariants/read-rounds.ts'
import { stickiness } from '../invariants/stickiness.ts'
import type { Action } from '../world/action.ts'
import type { MarkName } from '../world/marks.ts'
import type { MakeRaft } from '../world/node.ts'
import { wireCodec } from '../world/wire-codec.ts'
import { type Codec, World } from '../world/world.ts'
import { converge } from './convergence.ts'
import { Driver } from './driver.ts'
import { Faults } from './faults.ts'
import { drawMix } from './kinds-of-days.ts'
import { Reshaping } from './reshaping.ts'
import type { Mix } from './swarm.ts'
import { Workload } from './workload.ts'

/** Where a run's chance comes from, by name. A `Random` is such streams, all of one seed. */
export interface Streams {
  fork(name: string): Random
}

export interface SimulateOptions {
  /** Instead of the real core: one that a test has broken. */
  readonly makeRaft?: MakeRaft
  /** Instead of what the seed draws. */
  readonly mix?: (drawn: Mix) => Mix
  /** Instead of the seed's. */
  readonly streams?: Streams
  /** `null`: messages are handed over as they are. */
  readonly codec?: Codec | null
  /** In a replay: cores emit trace events. */
  readonly trace?: boolean
  /** Sees the world and its driver before anything happens. */
  readonly observe?: (world: World, driver: Driver) => void
}

export interface SimulationResult {
  readonly seed: number
  readonly mix: Mix
  readonly events: number
  readonly simulatedMs: number
  readonly violations: readonly Violation[]
  /** 32 bits over everything that happened, as 8 hexadecimal digits. */
  readonly traceHash: string
  readonly marks: ReadonlyMap<MarkName, number>
}

export const realRaft: MakeRaft = setup => new Raft(setup)

export function simulate(seed: number, options: SimulateOptions = {}): SimulationResult {
  const random = streamsOf(seed, options)
  const drawn = drawMix(random.fork('mix'))
  const mix = options.mix?.(drawn) ?? drawn
  const world = new World({
    random: random.fork('world'),
    checker: checkerFor(mix),
    makeRaft: options.makeRaft ?? realRaft,
    raftOptions: mix.raftOptions,
    codec: options.codec === undefined ? wireCodec : (options.codec ?? undefined),
  })
  const driver = new Driver(world, mix, random.fork('driver'))
  options.observe?.(world, driver)

  for (const action of firstActions(mix.voters)) driver.act(action)
  const workload = new Workload(driver, random.fork('workload'))
  const reshaping = new Reshaping(driver, random.fork('reshaping'))
  const faults = new Faults(driver, random.fork('faults'))
  const { violations } = world.checker
  driver.run(mix.faultsMs)
  workload.stop()
  reshaping.stop()
  faults.stop()
  if (violations.length === 0) converge(driver, random.fork('convergence'))
  if (violations.length === 0) judgeHistory(world)
  return {
    seed,
    mix,
    events: world.events,
    simulatedMs: world.now,
    violations,
    traceHash: (world.traceHash >>> 0).toString(16).padStart(8, '0'),
    marks: world.marks.counts,
  }
}

export function streamsOf(seed: number, { streams }: Pick<SimulateOptions, 'streams'>): Streams {
  return streams ?? new Random(seed, 'simulation')
}

export function checkerFor(mix: Mix): Checker {
  const { snapshotThresholdEntries = 0 } = mix.raftOptions
  const { raftOptions } = mix
  const invariants = [
    ...coreInvariants,
    boundedMemory(raftOptions),
    stickiness(raftOptions),
    freshDeadline(raftOptions),
    readRounds(raftOptions),
  ]
  if (raftOptions.leaseReads === true) invariants.push(leaseExclusion(raftOptions))
  return new Checker(mix.compaction ? [...invariants, boundedLog(snapshotThresholdEntries, 100)] : invariants)
}

/** Every first voter finds the first configuration on its disk, as `createCluster` writes it. */
export function firstActions(voters: number): Action[] {
  const ids = Array.from({ length: voters }, (_, i) => `n${i + 1}`)
  const first: Entry = { index: 1, term: 1, kind: 'configuration', data: initialConfiguration(ids) }
  const initial: RecoveredState = { currentTerm: 1, votedFor: undefined, snapshot: undefined, entries: [first] }
  return ids.map((id, node) => ({ type: 'appear', node, id, initial }))
}

export function judgeHistory(world: World): void {
  const history = world.operations.all.filter(({ outcome }) => outcome !== 'failed')
  const verdict = checkLinearizable(history)
  if (verdict.kind === 'linearizable') return
  world.checker.report('Linearizability', `register ${verdict.key}: ${verdict.kind}: ${verdict.detail}`)
}
