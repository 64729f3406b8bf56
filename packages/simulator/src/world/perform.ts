/** What each action does to the world. */
import { summarizeMessage } from '@flotilla/cluster'
import type { Outcome, ProposedAll } from '@flotilla/core'
import { encodeCommand } from '../ground/command.ts'
import type { Action, Envelope } from './action.ts'
import type { SimulatedNode } from './node.ts'
import type { Operation } from './operations.ts'
import type { World } from './world.ts'

/** The answer is the core's to a request, where the action was one and the node took it. */
export function perform(world: World, action: Action, now: number): Outcome | undefined {
  world.begin(now)
  const outcome = act(world, action)
  world.end(action)
  return outcome
}

function act(world: World, action: Action): Outcome | undefined {
  if (action.type === 'appear') {
    world.appear(action.id, action.initial)
    return undefined
  }
  const node = world.nodes[action.node]
  if (node === undefined) return undefined
  switch (action.type) {
    case 'deliver':
      deliver(world, node, action.envelope)
      return undefined
    case 'tick':
      return node.step({ type: 'tick' })
    case 'flush':
      node.flush()
      return undefined
    case 'propose':
      return propose(world, node, action)
    case 'read':
      return read(world, node, action)
    case 'change':
      return node.step({ type: 'changeMembership', changes: action.changes })
    case 'transfer':
      return transfer(world, node, action)
    case 'compact':
      return node.step({ type: 'compact', index: node.machine.appliedIndex, data: node.machine.snapshot() })
    case 'drain':
      if (node.isUndrained) node.drain()
      return undefined
    case 'resume':
      return node.step({ type: 'resume' })
    case 'crash':
      node.crash(action.keep)
      return undefined
    case 'fuse':
      node.armFuse(action.effects, action.keep)
      return undefined
    case 'restart':
      if (!node.isUp && !node.vanished && !node.disk.fails) restart(world, node, action.unchecked === true)
      return undefined
    case 'vanish':
      node.crash(0)
      world.lose(node)
      world.marks.sometimes('vote lost with a disk')
      return undefined
    case 'wipe':
      node.crash(0)
      node.disk.wipe()
      node.vanished = false
      world.checker.wiped(node.id)
      node.start()
      return undefined
    case 'failDisk':
      node.disk.fails = true
      return undefined
    case 'fillDisk':
      node.disk.room = node.disk.entries.length + action.room
      node.disk.isBelieved = action.believed === true
      return undefined
    case 'repairDisk':
      node.disk.fails = false
      node.disk.room = Number.POSITIVE_INFINITY
      node.disk.isBelieved = false
      return undefined
    case 'copyDisk':
      node.copy = node.disk.image()
      return undefined
    case 'rollBack':
      rollBack(world, node)
      return undefined
    case 'flip':
      node.disk.flip(action.record, action.bit)
      return undefined
    default:
      return action satisfies never
  }
}

function restart(world: World, node: SimulatedNode, unchecked: boolean): void {
  const { disk } = node
  if (unchecked) {
    if (node.isDoomed) world.checker.replaced(node.id, disk.recover())
  } else if (!disk.isSound) {
    world.marks.sometimes('flipped bit noticed')
    return world.lose(node)
  } else if (disk.isOlder) {
    // Nothing on the disk itself says so: docs/invariants.md says why it is kept out all the same.
    world.marks.sometimes('older copy of a disk kept from starting')
    return world.lose(node)
  } else if (disk.flips > 0) world.marks.sometimes('flipped bit written over')
  node.start()
}

function rollBack(world: World, node: SimulatedNode): void {
  if (node.copy === undefined) return
  node.disk.putBack(node.copy)
  if (node.isDoomed) return
  // Only a compaction is undone. Nobody was told of that, and the node may go on.
  world.marks.sometimes('older copy of a disk that breaks no promise')
  world.checker.replaced(node.id, node.disk.recover())
}

function deliver(world: World, node: SimulatedNode, envelope: Envelope): void {
  if (!node.isUp) {
    world.marks.sometimes('message to a node that is down')
    return
  }
  const message =
    envelope.bytes === undefined
      ? envelope.message
      : world.codec?.decode(envelope.bytes, envelope.message.from, envelope.message.to)
  if (message === undefined) {
    world.checker.report('Codec', `${envelope.message.type} does not survive the wire`)
    return
  }
  world.onEvent?.(node, { type: 'delivered', message: summarizeMessage(message, envelope.number) })
  world.checker.ghost.view(node.id).hasMoreToSay = node.isUndrained
  world.checker.receiving(node.id, message)
  node.receive(message)
  if (node.isUp) world.checker.received(node.id, message, envelope.number)
}

function propose(world: World, node: SimulatedNode, action: Extract<Action, { type: 'propose' }>): Outcome | undefined {
  const { key, padding, times = 1 } = action
  const numbers = Array.from({ length: times }, () => world.operations.nextNumber())
  if (!node.isUp) return undefined
  const commands = numbers.map(number => encodeCommand(number, key, padding))
  // Without draining: the place must be known before anything comes of it.
  const outcome = proposeEach(node, commands)
  if (outcome?.kind === 'appended') {
    for (const [i, { index, term }] of outcome.entries.entries()) {
      const number = numbers[i] ?? 0
      if (term < world.checker.ghost.latestLeaderTerm) world.marks.sometimes('deposed leader appends')
      const { client } = action
      world.operations.begin(operation(world, node, { number, client, kind: 'write', key, value: number, index, term }))
    }
  }
  if (action.drain) node.drain()
  return outcome?.kind === 'appended' ? outcome.entries.at(-1) : outcome
}

/** One command by itself, many in one call. */
function proposeEach(node: SimulatedNode, commands: readonly Uint8Array[]): ProposedAll | undefined {
  const [only] = commands
  if (commands.length > 1 || only === undefined) return node.proposeAll(commands, false)
  const proposed = node.propose(only, false)
  return proposed?.kind === 'command' ? { kind: 'appended', entries: [proposed] } : proposed
}

function read(world: World, node: SimulatedNode, action: Extract<Action, { type: 'read' }>): Outcome | undefined {
  if (!node.isUp) return undefined
  const { client, key } = action
  const number = world.operations.nextNumber()
  world.operations.begin(operation(world, node, { number, client, kind: 'read', key, value: 0, index: 0, term: 0 }))
  return node.step({ type: 'read', id: number }, action.drain)
}

function transfer(
  world: World,
  node: SimulatedNode,
  { to, atOnce }: Extract<Action, { type: 'transfer' }>,
): Outcome | undefined {
  if (atOnce) world.checker.ghost.view(node.id).handsOverAtOnce = true
  return node.step({ type: 'transferLeadership', atOnce, ...(to === undefined ? {} : { to }) })
}

function operation(
  world: World,
  node: SimulatedNode,
  given: Pick<Operation, 'number' | 'client' | 'kind' | 'key' | 'value' | 'index' | 'term'>,
): Operation {
  return {
    ...given,
    invoked: world.events,
    returned: Number.POSITIVE_INFINITY,
    node: node.index,
    commitAtCall: world.checker.ghost.commit,
    messagesAtCall: world.messages,
    outcome: 'pending',
  }
}
