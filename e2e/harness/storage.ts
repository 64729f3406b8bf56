/** IndexedDB storage in a real browser: its conformance suite, and a room that tests may open from several tabs. */
import type { RoomStorage, Storage } from '@flotilla/cluster'
import { type StorageDevice, storageConformance } from '@flotilla/cluster/conformance'
import { indexedDb } from '@flotilla/indexeddb-storage'

declare global {
  interface Window {
    shelf: RoomStorage
    /** The node that this tab drives, where a test has it drive one. */
    node?: Storage
    driven(): Storage
    /** Appends one entry after the other, and acknowledges each. */
    persistForever(): Promise<never>
    /** What a browser does in trouble: closes connections without being asked. */
    dropConnections(): void
    /** Writes into the node's database beside its driver, as nobody should. */
    putRaw(key: IDBValidKey, value: unknown): Promise<void>
    /** Tells the test how far the tab has come, where the test wants to know. */
    acknowledge?(index: number): Promise<void>
  }
}

window.shelf = indexedDb()('room')

window.driven = () => {
  if (window.node === undefined) throw new Error('this tab drives no node')
  return window.node
}

window.persistForever = async () => {
  for (let index = 1; ; index++) {
    const entries = [{ index, term: 1, kind: 'command', data: new Uint8Array(100) }] as const
    await window.driven().persist({ token: index, hardState: undefined, snapshot: undefined, truncateFrom: 0, entries })
    await window.acknowledge?.(index)
  }
}

/** No browser closes a connection on demand and keeps the database: the event is ours, the rest is real. */
const connections: IDBDatabase[] = []
const { open } = IDBFactory.prototype
IDBFactory.prototype.open = function (...named) {
  const request = open.apply(this, named)
  request.addEventListener('success', () => connections.push(request.result))
  return request
}
window.dropConnections = () => {
  for (const db of connections.splice(0)) {
    db.close()
    db.dispatchEvent(new Event('close'))
  }
}

window.putRaw = (key, value) => putRaw('flotilla/room/a', key, value)

function putRaw(name: string, key: IDBValidKey, value: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const db = request.result
      const transaction = db.transaction('records', 'readwrite')
      transaction.objectStore('records').put(value, key)
      transaction.onabort = () => reject(transaction.error)
      transaction.oncomplete = () => {
        db.close()
        resolve()
      }
    }
  })
}

window.conformance = {
  cases: storageConformance.map(({ name }) => name),
  async run(name) {
    const found = storageConformance.find(each => each.name === name)
    if (found === undefined) throw new Error(`there is no case “${name}”`)
    await found.run({ device })
  },
}

/** Rooms of its own are as good as a device of its own. */
function device(): StorageDevice {
  const prefix = crypto.randomUUID()
  const named = (room: string): string => `${prefix}-${room}`
  return {
    tab: () => room => indexedDb()(named(room)),
    async takeOver(room, nodeId) {
      await navigator.locks.request(`flotilla/${named(room)}/node/${nodeId}`, { steal: true }, async () => {})
      const storage = await indexedDb()(named(room)).claim(nodeId)
      if (storage === undefined) throw new Error(`${nodeId} could not be claimed with its lock stolen`)
      return storage
    },
    damage: (room, nodeId) => putRaw(`flotilla/${named(room)}/${nodeId}`, 'identity', 'no identity'),
    flipBit: (room, nodeId, index) => flipBit(`flotilla/${named(room)}/${nodeId}`, index),
    fillDisk,
  }
}

function flipBit(name: string, index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const db = request.result
      const transaction = db.transaction('records', 'readwrite')
      const walk = transaction.objectStore('records').openCursor(index)
      walk.onsuccess = () => {
        const entry = walk.result?.value
        entry.data[0] ^= 4
        walk.result?.update(entry)
      }
      transaction.onabort = () => reject(transaction.error)
      transaction.oncomplete = () => {
        db.close()
        resolve()
      }
    }
  })
}

/** A test of its own fills the disk for real, which takes the whole origin. */
function fillDisk(): void {
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = () => {
    IDBObjectStore.prototype.put = put
    throw new DOMException('the disk is full', 'QuotaExceededError')
  }
}
