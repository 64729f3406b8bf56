/** One thing that somebody did to a run, read from a file or a link. */
import type { MembershipChange, NodeId } from '@flotilla/core'
import type { Fields } from '@flotilla/trace'
import type { KnownNodes } from './decode-setup.ts'
import type { Move } from './move.ts'
import { mostNodes, nodeIds } from './setup.ts'

export const moveTypes = [
  'timeout',
  'deliver',
  'drop',
  'duplicate',
  'delay',
  'hold',
  'release',
  'cut',
  'heal',
  'partition',
  'healAll',
  'crash',
  'restart',
  'freeze',
  'thaw',
  'clock',
  'write',
  'read',
  'change',
  'transfer',
  'compact',
  'appear',
] as const satisfies readonly Move['type'][]

/** @throws Malformed. @param known a node that appears is added to it */
export function decodeMove(f: Fields, known: KnownNodes): Move {
  const type = f.oneOf('type', moveTypes)
  switch (type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
    case 'hold':
    case 'release':
      return { type, message: f.text('message') }
    case 'delay':
      return { type, message: f.text('message'), ms: f.time('ms') }
    case 'healAll':
      return { type }
    case 'timeout':
      return { type, nodes: known.listed(f, 'nodes') }
    case 'cut':
    case 'heal':
      return { type, from: known.named(f, 'from'), to: known.named(f, 'to') }
    case 'partition':
      return { type, groups: f.lists('groups').map(group => group.map(id => known.check(id, f.at('groups')))) }
    case 'crash':
      return { type, node: known.named(f, 'node'), flushed: f.flag('flushed', true) }
    case 'restart':
      return { type, node: known.named(f, 'node'), emptied: f.flag('emptied', false) }
    case 'freeze':
    case 'thaw':
    case 'compact':
      return { type, node: known.named(f, 'node') }
    case 'clock':
      return { type, node: known.named(f, 'node'), rate: f.time('rate') }
    case 'write':
      return { type, node: known.named(f, 'node'), key: f.count('key', 0) }
    case 'read':
      return { type, node: known.named(f, 'node'), key: f.count('key', 0), local: f.flag('local', false) }
    case 'change':
      return { type, node: known.named(f, 'node'), changes: f.records('changes', each => change(each, known)) }
    case 'transfer':
      return { type, node: known.named(f, 'node'), to: known.named(f, 'to') }
    case 'appear':
      return { type, node: appearing(f, known) }
    default:
      return type satisfies never
  }
}

function appearing(f: Fields, known: KnownNodes): NodeId {
  const id = f.oneOf('node', nodeIds(mostNodes))
  known.ids.add(id)
  return id
}

function change(f: Fields, known: KnownNodes): MembershipChange {
  return { type: f.oneOf('type', ['addLearner', 'addVoter', 'demote', 'remove']), id: known.named(f, 'id') }
}
