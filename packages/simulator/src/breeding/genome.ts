/**
 * What is bred: a day whose parts are decided by seeds of their own. A seed's day is the one in which all of them are that
 * seed; a child has some of its parts from another day, so what leads somewhere rare can be kept while the rest is varied.
 */

import { drawMix } from '../driver/kinds-of-days.ts'
import type { SimulateOptions } from '../driver/run.ts'
import type { Mix } from '../driver/swarm.ts'
import { Random } from '../ground/random.ts'

/** The streams of a run, and three of its mix: the cluster and its tunings, the faults, and what is asked of it. */
export const genes = ['cluster', 'weather', 'load', 'world', 'driver', 'workload', 'reshaping', 'faults'] as const

type Gene = (typeof genes)[number]

export type Genome = Readonly<Record<Gene, number>>

export function genomeOf(seedOf: (gene: Gene) => number): Genome {
  const [cluster, weather, load, world, driver, workload, reshaping, faults] = [
    seedOf('cluster'),
    seedOf('weather'),
    seedOf('load'),
    seedOf('world'),
    seedOf('driver'),
    seedOf('workload'),
    seedOf('reshaping'),
    seedOf('faults'),
  ]
  return { cluster, weather, load, world, driver, workload, reshaping, faults }
}

export const textOf = (genome: Genome): string => genes.map(gene => genome[gene]).join('.')

/** `undefined` for what is no genome. */
export function genomeFrom(text: string): Genome | undefined {
  const seeds = text.split('.').map(Number)
  if (seeds.length !== genes.length || !seeds.every(seed => Number.isSafeInteger(seed) && seed >= 0)) return undefined
  return genomeOf(gene => seeds[genes.indexOf(gene)] ?? 0)
}

const isGene = (name: string): name is Gene => genes.some(gene => gene === name)

/** How to run it: as `simulate(genome.cluster, …)`. */
export function optionsOf(genome: Genome): SimulateOptions {
  return {
    streams: {
      fork: name => new Random(isGene(name) ? genome[name] : genome.cluster, 'simulation').fork(name),
    },
    mix: () => mixOf(genome),
  }
}

const drawnBy = (seed: number): Mix => drawMix(new Random(seed, 'simulation').fork('mix'))

/** Times are told in those of the cluster, so that weather keeps its rate at any scale. */
function mixOf(genome: Genome): Mix {
  const cluster = drawnBy(genome.cluster)
  const weather = drawnBy(genome.weather)
  const load = drawnBy(genome.load)
  const byElection = cluster.electionTimeoutMs / weather.electionTimeoutMs
  const byHeartbeat = cluster.heartbeatMs / load.heartbeatMs
  const { faultWeights } = weather
  return {
    ...cluster,
    faultEveryMs: weather.faultEveryMs * byElection,
    faultLastsMs: weather.faultLastsMs * byElection,
    // Leases count on clocks that do not jump.
    faultWeights: cluster.raftOptions.leaseReads === true ? { ...faultWeights, jump: 0 } : faultWeights,
    minorityStaysFaulty: weather.minorityStaysFaulty,
    clients: load.clients,
    thinkMs: load.thinkMs * byHeartbeat,
    reads: load.reads,
    burst: load.burst,
    padding: load.padding,
    batching: load.batching,
    changeEveryMs: load.changeEveryMs * (cluster.electionTimeoutMs / load.electionTimeoutMs),
    transferEveryMs: load.transferEveryMs * (cluster.electionTimeoutMs / load.electionTimeoutMs),
  }
}
