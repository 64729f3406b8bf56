/** What a run begins from, read from a file or a link: each thing is what it must be, and refers to what is there. */
import type { NodeId } from '@flotilla/core'
import { type Fields, Malformed } from '@flotilla/trace'
import { type RuleId, ruleIds } from './rules.ts'
import { mostNodes, nodeIds, type RunSetup, type StartingDisk, type Tuning } from './setup.ts'

/** What is not said is as usual. */
export type GivenSetup = Pick<RunSetup, 'nodes'> &
  Partial<Omit<RunSetup, 'nodes' | 'tuning'>> & { readonly tuning?: Partial<Tuning> }

/** The nodes that may be named: the first ones, and those that have appeared. */
export class KnownNodes {
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

/** @throws Malformed */
export function decodeSetup(f: Fields): GivenSetup {
  const nodes = f.count('nodes')
  if (nodes < 1 || nodes > mostNodes) throw new Malformed(f.at('nodes'), `1 to ${mostNodes}`)
  const known = new KnownNodes(nodes)
  const disks = f.record('disks')
  return {
    nodes,
    ...(f.has('seed') ? { seed: f.count('seed') } : {}),
    ...(f.has('off') ? { off: decodeRules(f) } : {}),
    ...(f.has('tuning') ? { tuning: decodeTuning(f.needed('tuning')) } : {}),
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

export const decodeRules = (f: Fields): readonly RuleId[] => f.listOf('off', ruleIds)

export function decodeTuning(f: Fields): Partial<Tuning> {
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
