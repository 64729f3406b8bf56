/** What each move does to a simulation, or why it cannot be made now. Some are more than one event. */
import type { NodeId, Outcome } from '@flotilla/core'
import { emptyState } from '@flotilla/core'
import type { Action } from '../world/action.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { Move } from './move.ts'
import { mostNodes } from './setup.ts'
import type { Simulation } from './simulation.ts'
import type { Letter, Step } from './step.ts'

export type Made = { readonly kind: 'made'; readonly steps: readonly Step[] } | Impossible

export interface Impossible {
  readonly kind: 'impossible'
  readonly reason: string
}

const impossible = (reason: string): Impossible => ({ kind: 'impossible', reason })

export function performMove(simulation: Simulation, move: Move): Made {
  switch (move.type) {
    case 'timeout':
      return timeOut(simulation, move)
    case 'deliver':
    case 'drop':
    case 'duplicate':
    case 'delay':
    case 'hold':
    case 'release': {
      const letter = simulation.post.find(move.message)
      return letter === undefined
        ? impossible('This message is not on its way any more.')
        : handle(simulation, move, letter)
    }
    case 'cut':
    case 'heal':
    case 'partition':
    case 'healAll':
      return rewire(simulation, move)
    case 'appear':
      return appear(simulation, move)
    case 'crash':
    case 'restart':
    case 'freeze':
    case 'thaw':
    case 'clock':
    case 'write':
    case 'read':
    case 'change':
    case 'transfer':
    case 'compact': {
      const node = simulation.node(move.node)
      return node === undefined ? impossible(`There is no ${move.node}.`) : treat(simulation, move, node)
    }
    default:
      return move satisfies never
  }
}

function timeOut(simulation: Simulation, move: Extract<Move, { type: 'timeout' }>): Made {
  const nodes: SimulatedNode[] = []
  for (const id of move.nodes) {
    const node = simulation.node(id)
    if (node === undefined) return impossible(`There is no ${id}.`)
    const reason = whyNotAwake(simulation, node)
    if (reason !== undefined) return impossible(reason)
    if (node.raft?.deadline === Number.POSITIVE_INFINITY) return impossible(`${id} has no vote, so it has no timer.`)
    nodes.push(node)
  }
  return { kind: 'made', steps: nodes.map(node => simulation.fire(node, { type: 'moved', move })) }
}

type MessageMove = Extract<Move, { readonly message: string }>

function handle(simulation: Simulation, move: MessageMove, letter: Letter): Made {
  const moved = { type: 'moved', move } as const
  const { post, now } = simulation
  const quietly = (what: () => void): Made => ({
    kind: 'made',
    steps: [
      simulation.happen(moved, undefined, { type: 'message', step: letter.sentIn, letter }, () => {
        what()
        return undefined
      }),
    ],
  })
  switch (move.type) {
    case 'deliver':
      if (simulation.circumstances.isFrozen(letter.to)) return impossible(`${letter.to} is frozen.`)
      return { kind: 'made', steps: [simulation.arrive(letter, moved)] }
    case 'drop':
      return { kind: 'made', steps: [simulation.lose(letter, 'dropped by hand', moved)] }
    case 'duplicate':
      return quietly(() => post.duplicate(letter, Math.max(now, letter.arrivesAt) + 2))
    case 'delay':
      return quietly(() => post.change(letter, { arrivesAt: Math.max(now, letter.arrivesAt) + move.ms }))
    case 'hold':
      return quietly(() => post.change(letter, { held: true }))
    case 'release':
      return quietly(() => post.change(letter, { held: false, arrivesAt: Math.max(now, letter.arrivesAt) }))
    default:
      return move satisfies never
  }
}

type LinkMove = Extract<Move, { readonly type: 'cut' | 'heal' | 'partition' | 'healAll' }>

function rewire(simulation: Simulation, move: LinkMove): Made {
  const { circumstances, world } = simulation
  const before = circumstances.told.cut
  const step = simulation.happen({ type: 'moved', move }, undefined, { type: 'none' }, () => {
    switch (move.type) {
      case 'cut':
        circumstances.cut(move.from, move.to)
        break
      case 'heal':
        circumstances.heal(move.from, move.to)
        break
      case 'healAll':
        circumstances.healAll()
        break
      case 'partition':
        circumstances.healAll()
        for (const [from, to] of crossings(move.groups)) circumstances.cut(from, to)
        break
      default:
        move satisfies never
    }
    for (const node of world.nodes) {
      const cutBefore = before.filter(([from]) => from === node.id).length
      const peers = circumstances.cutFrom(node.id)
      if (cutBefore > 0 || peers.length > 0) simulation.trace(node, { type: 'cut', peers })
    }
    return undefined
  })
  return { kind: 'made', steps: [step] }
}

function* crossings(groups: readonly (readonly NodeId[])[]): Iterable<readonly [NodeId, NodeId]> {
  for (const group of groups) {
    for (const other of groups) {
      if (group === other) continue
      for (const from of group) for (const to of other) yield [from, to]
    }
  }
}

function appear(simulation: Simulation, move: Extract<Move, { type: 'appear' }>): Made {
  const { nodes } = simulation.world
  if (nodes.length >= mostNodes) return impossible(`There is room for ${mostNodes} nodes.`)
  if (simulation.node(move.node) !== undefined) return impossible(`There is a ${move.node} already.`)
  const step = simulation.happen({ type: 'moved', move }, undefined, { type: 'none' }, () =>
    simulation.act({ type: 'appear', node: nodes.length, id: move.node, initial: emptyState }),
  )
  return { kind: 'made', steps: [step] }
}

type NodeMove = Extract<Move, { readonly node: NodeId }>

function treat(simulation: Simulation, move: Exclude<NodeMove, { type: 'appear' }>, node: SimulatedNode): Made {
  const { circumstances, now } = simulation
  const make = (what: () => Outcome | undefined): Made => ({
    kind: 'made',
    steps: [simulation.happen({ type: 'moved', move }, node, { type: 'none' }, what)],
  })
  const ask = (action: Action): Made => {
    const reason = whyNotAwake(simulation, node)
    return reason === undefined ? make(() => simulation.act(action)) : impossible(reason)
  }
  const { index, id } = node
  switch (move.type) {
    case 'crash':
      if (!node.isUp) return impossible(`${id} is down already.`)
      return make(() => {
        circumstances.thaw(id)
        return simulation.act({ type: 'crash', node: index, keep: move.flushed ? node.disk.pending.length : 0 })
      })
    case 'restart':
      if (node.isUp) return impossible(`${id} is running.`)
      return make(() => simulation.act({ type: move.emptied ? 'wipe' : 'restart', node: index }))
    case 'freeze':
      if (!node.isUp) return impossible(`${id} is down.`)
      if (circumstances.isFrozen(id)) return impossible(`${id} is frozen already.`)
      return make(() => {
        circumstances.freeze(id)
        return undefined
      })
    case 'thaw':
      if (!circumstances.isFrozen(id)) return impossible(`${id} is not frozen.`)
      return make(() => {
        circumstances.thaw(id)
        return simulation.act({ type: 'resume', node: index })
      })
    case 'clock':
      return make(() => {
        node.clock.setRate(now, move.rate)
        circumstances.setClockRate(id, move.rate)
        return undefined
      })
    case 'write':
      return ask({ type: 'propose', node: index, client: 0, key: move.key, padding: 0, drain: true })
    case 'read': {
      const reason = whyNotAwake(simulation, node)
      if (reason !== undefined) return impossible(reason)
      if (!move.local) return ask({ type: 'read', node: index, client: 0, key: move.key, drain: true })
      return make(() => {
        simulation.readLocally(node, move.key)
        return undefined
      })
    }
    case 'change':
      return ask({ type: 'change', node: index, changes: move.changes })
    case 'transfer':
      return ask({ type: 'transfer', node: index, to: move.to, atOnce: false })
    case 'compact':
      return ask({ type: 'compact', node: index })
    default:
      return move satisfies never
  }
}

function whyNotAwake(simulation: Simulation, node: SimulatedNode): string | undefined {
  if (!node.isUp) return `${node.id} is down.`
  return simulation.circumstances.isFrozen(node.id) ? `${node.id} is frozen.` : undefined
}
