/**
 * `@flotilla/playwright/app`: the one line that an application needs to be tested,
 *
 *     const node = await openNode({ room, program, worker, ...forTests() })
 *
 * Outside of a test it gives nothing, and does nothing.
 */
import { type NodeFaults, type NodeWatcher, noFaults, type WatchedNode, waitingOnDisk } from '@flotilla/browser-node'
import type { NodeEnd } from './page-end.ts'

type NodeStatus = NonNullable<ReturnType<WatchedNode['client']['status']>>

export interface TestOptions {
  readonly watcher?: NodeWatcher
  readonly signalingUrls?: readonly string[]
}

/** To be spread last into the options of `openNode`. */
export function forTests(): TestOptions {
  const test = globalThis.__flotillaTest
  if (test === undefined) return {}
  test.isAsked = true
  return {
    signalingUrls: test.signalingUrls,
    watcher: {
      faults: storedFaults(),
      onTrace: events => void globalThis.__flotillaTrace?.(events),
      watch(node) {
        test.node = nodeEnd(node)
      },
    },
  }
}

function nodeEnd(node: WatchedNode): NodeEnd {
  const { client, machine, room } = node
  let applied = 0
  let outbox: Awaited<WatchedNode['outbox']> | undefined
  let failure: string | undefined
  client.on('applied', ({ index }) => {
    applied = index
  })
  node.outbox.then(
    opened => {
      outbox = opened
    },
    (error: unknown) => {
      failure = String(error)
    },
  )
  return {
    async report() {
      const status = client.status()
      const onDisk = await waitingOnDisk(room).catch(() => 0)
      return {
        isReachable: client.isReachable,
        node: status?.id,
        drives: node.drives,
        clusterId: status?.clusterId,
        role: status?.role,
        term: status?.term ?? 0,
        leader: status?.leader,
        isSettled: isSettled(status, node.maxVoters),
        names: Object.fromEntries(status?.members.map(({ id, name }) => [id, name]) ?? []),
        commitIndex: status?.commitIndex ?? 0,
        applied,
        // What is not on disk yet, and what a tab that is gone has left there.
        pending: Math.max(onDisk, outbox?.size ?? 0),
        failure,
      }
    },
    async stateDigest() {
      const at = applied
      const bytes = new Uint8Array(machine.snapshot())
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      return { applied: at, digest: Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('') }
    },
    setFaults(faults) {
      sessionStorage.setItem(FAULTS, JSON.stringify(faults))
      return node.setFaults(faults)
    },
  }
}

function isSettled(status: NodeStatus | undefined, maxVoters: number): boolean {
  const voters = status?.members.filter(({ voter }) => voter) ?? []
  return voters.some(({ id }) => id === status?.id) || voters.length >= maxVoters
}

/** A page that is loaded again in a test is in the surroundings that it was in before. */
const FAULTS = 'flotilla/faults-of-a-test'

function storedFaults(): NodeFaults {
  const stored: unknown = JSON.parse(sessionStorage.getItem(FAULTS) ?? 'null')
  if (typeof stored !== 'object' || stored === null) return noFaults
  const { offline, cut, delayMs }: Partial<Record<keyof NodeFaults, unknown>> = stored
  return {
    offline: offline === true,
    cut: Array.isArray(cut) ? cut.map(String) : [],
    delayMs: typeof delayMs === 'number' ? delayMs : 0,
  }
}
