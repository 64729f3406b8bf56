/**
 * `@flotilla/browser-node/stored`: what this browser has on its disk of every room, for people to look at, and the way to delete it. Nothing
 * is driven, and nothing is changed by looking.
 */
import { type InspectedDatabase, indexedDb, inspectDatabases } from '@flotilla/indexeddb-storage'
import { type InspectedOutbox, inspectOutboxes } from './outbox-inspected.ts'
import { deleteOutbox } from './outbox-on-disk.ts'

export type { InspectedDatabase } from '@flotilla/indexeddb-storage'
export type { InspectedCommand, InspectedLine, InspectedOutbox } from './outbox-inspected.ts'

export interface StoredRoom {
  readonly room: string
  readonly nodes: readonly InspectedDatabase[]
  readonly outbox: InspectedOutbox | undefined
  /** Some tab of this browser has it open: then it cannot be deleted. */
  readonly isOpen: boolean
}

/** Every room, by name. Rejects with a StorageError where the browser does not say what it has. */
export async function storedRooms(): Promise<readonly StoredRoom[]> {
  const [nodes, outboxes, open] = await Promise.all([inspectDatabases(), inspectOutboxes(), openRooms()])
  const rooms = new Set([...nodes, ...outboxes].map(({ room }) => room))
  return [...rooms].sort().map(room => ({
    room,
    nodes: nodes.filter(node => node.room === room),
    outbox: outboxes.find(outbox => outbox.room === room),
    isOpen: open.has(room),
  }))
}

/**
 * Deletes this browser's nodes of a room, with their terms and votes, and what waits in its outbox. Says whether it did: it does
 * not while any tab has the room open. A node that voted is missed by the others until they have removed it.
 */
export function deleteStoredRoom(room: string): Promise<boolean> {
  return whileClosed(room, async () => (await removeNodes(room)) && deleteOutbox(room).then(() => true))
}

/** As `deleteStoredRoom`, but what waits in the outbox is kept, and sent by the node that joins next. */
export function deleteStoredNodes(room: string): Promise<boolean> {
  return whileClosed(room, () => removeNodes(room))
}

/** Nobody begins to drive a node meanwhile. */
function whileClosed(room: string, removal: () => Promise<boolean>): Promise<boolean> {
  return indexedDb()(room).exclusively(async () => !(await openRooms()).has(room) && removal())
}

async function removeNodes(room: string): Promise<boolean> {
  const storage = indexedDb()(room)
  for (const { nodeId } of (await inspectDatabases()).filter(node => node.room === room))
    if (!(await storage.remove(nodeId))) return false
  return true
}

/** Locks that a node, a line of an outbox, or a page that looks at either of them holds. */
const LOCK = /^flotilla(?:-outbox|-household)?\/([^/]+)\/(?!open$)/

async function openRooms(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query()
  return new Set(held.flatMap(({ name }) => LOCK.exec(name ?? '')?.[1] ?? []))
}
