/** What people who have the room open call themselves, by the node of their browser: the presence of an application, where it has one. */
import type { Said } from '@flotilla/browser-node/watch'
import type { NodeId } from '@flotilla/core'
import { Presence, type Present } from '@flotilla/state'

/** @param tell told all names of a node, whenever they are others */
export function namesSaid(tell: (node: NodeId, name: string | undefined) => void): {
  hear(said: Said): void
  close(): void
} {
  let hear: (node: string, payload: Uint8Array) => void = () => undefined
  const presence = new Presence({
    link: {
      // Who watches is not there for anybody.
      tell: () => undefined,
      onTold: listener => {
        hear = listener
        return () => undefined
      },
      onGone: () => () => undefined,
    },
  })
  const told = new Map<NodeId, string>()
  const stop = presence.others.subscribe(present => {
    const names = namesByNode(present)
    for (const node of [...told.keys()]) {
      if (names.has(node)) continue
      told.delete(node)
      tell(node, undefined)
    }
    for (const [node, name] of names) {
      if (told.get(node) === name) continue
      told.set(node, name)
      tell(node, name)
    }
  })
  return {
    hear: ({ from, payload }) => hear(from, payload),
    close() {
      stop()
      presence.close()
    },
  }
}

/** The tabs of one browser have one node, and mostly one person before them. */
function namesByNode(present: readonly Present[]): ReadonlyMap<NodeId, string> {
  const names = new Map<NodeId, Set<string>>()
  for (const { node, value } of present) {
    const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined
    if (typeof name !== 'string' || name.trim() === '') continue
    names.set(node, (names.get(node) ?? new Set()).add(name.trim()))
  }
  return new Map([...names].map(([node, all]) => [node, [...all].sort().join(', ')]))
}
