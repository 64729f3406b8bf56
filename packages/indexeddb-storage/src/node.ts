/**
 * One node's database while we drive it. Each unit is one strict transaction that first checks that we still own the
 * database; transactions over the same store run in the order they were made, so units may follow each other closely.
 */
import { type Identity, type Recovered, type Storage, StorageError } from '@flotilla/cluster'
import type { NodeId, PersistUnit } from '@flotilla/core'
import { get, getMany, promisifyRequest, setMany } from 'idb-keyval'
import { openExisting } from './database.ts'
import { storageError } from './errors.ts'
import { HangWatch } from './hang-watch.ts'
import type { HeldLock } from './lock.ts'
import {
  COMMIT_INDEX,
  HARD_STATE,
  IDENTITY,
  type IdentityRecord,
  isClusterId,
  KEYS,
  LOG_KEYS,
  OWNER_EPOCH,
  readIdentity,
  readKeys,
  readOwnerEpoch,
  readState,
  SNAPSHOT,
  unitRecords,
} from './records.ts'
import { sealed, unsealed, unsealedEntry } from './sealed.ts'
import { refuse, strictStore, within } from './transaction.ts'

/** A browser that closed our database may be shutting down: it gets this long to open it again, … */
const REOPEN_WITHIN_MS = 5_000
/** … and one that closes it again before this long is in trouble that another connection does not mend. */
const REOPEN_EVERY_MS = 60_000

interface RecoveredNode extends Recovered {
  readonly identity: IdentityRecord
}

/**
 * Becomes the owner and reads everything, in one transaction: whatever an older owner has under way is in what we read,
 * or will be fenced. `undefined` if nobody ever was this database's.
 */
export function recover(db: IDBDatabase, nodeId: NodeId): Promise<RecoveredNode | undefined> {
  const [first, last] = LOG_KEYS
  return strictStore(() => db)('readwrite', async store => {
    const [records, log] = await Promise.all([
      getMany<unknown>([IDENTITY, OWNER_EPOCH, HARD_STATE, SNAPSHOT, KEYS, COMMIT_INDEX], within(store)),
      promisifyRequest<unknown[]>(store.getAll(IDBKeyRange.bound(first, last))),
    ])
    const [identity, epoch, hardState, snapshot, keyPair, commitIndex] = records
    if (identity === undefined) return undefined
    const ownerEpoch = readOwnerEpoch(epoch) + 1
    store.put(ownerEpoch, OWNER_EPOCH)
    const keys = readKeys(keyPair)
    const state = readState(
      unsealed(HARD_STATE, hardState),
      unsealed(SNAPSHOT, snapshot),
      log.map(unsealedEntry),
      unsealed(COMMIT_INDEX, commitIndex),
    )
    return { identity: readIdentity(unsealed(IDENTITY, identity), nodeId), ownerEpoch, state, ...(keys && { keys }) }
  })
}

export function driveNode(
  opened: IDBDatabase,
  lock: HeldLock,
  { identity, ownerEpoch, state, keys }: RecoveredNode,
): Storage {
  const { nodeId } = identity
  /** A promise while the database is opened again. */
  let connection: IDBDatabase | Promise<IDBDatabase> = opened
  let record = identity
  let failure: StorageError | undefined
  let reopenedAt = Number.NEGATIVE_INFINITY
  let closing: Promise<void> | undefined
  let underWay: Promise<void> = Promise.resolve()
  let lose: (error: StorageError) => void = () => {}
  const lost = new Promise<StorageError>(resolve => {
    lose = resolve
  })

  const useStore = strictStore(() => connection)
  const hangs = new HangWatch()
  watch(opened)
  lock.stolen.then(() => fail(new StorageError('Fenced', `somebody took the lock of ${nodeId}`)))

  const found: Identity = { nodeId, clusterId: identity.clusterId }
  return {
    recovered: { identity: found, ownerEpoch, state, ...(keys && { keys }) },
    persist,
    noteCommitted,
    setClusterId,
    refound,
    close,
    lost,
  }

  function persist(unit: PersistUnit): Promise<void> {
    return write(store => putUnit(store, unit, []))
  }

  /** With other records in the same transaction. */
  function putUnit(store: IDBObjectStore, unit: PersistUnit, more: ReturnType<typeof unitRecords>): Promise<void> {
    const [first, last] = LOG_KEYS
    if (unit.snapshot !== undefined) store.delete(IDBKeyRange.bound(first, unit.snapshot.index))
    if (unit.truncateFrom > 0) store.delete(IDBKeyRange.bound(unit.truncateFrom, last))
    return setMany([...unitRecords(unit), ...more].map(sealed), within(store))
  }

  function noteCommitted(index: number): Promise<void> {
    return write(store => setMany([sealed([COMMIT_INDEX, { index }])], within(store)))
  }

  async function setClusterId(clusterId: string): Promise<void> {
    if (!isClusterId(clusterId)) throw new StorageError('Corrupt', `${clusterId} is no cluster id`)
    if (record.clusterId !== undefined && record.clusterId !== clusterId) {
      throw new StorageError('Corrupt', `${nodeId} belongs to cluster ${record.clusterId}, not ${clusterId}`)
    }
    record = { ...record, clusterId }
    return write(store => setMany([sealed([IDENTITY, record])], within(store)))
  }

  async function refound(clusterId: string, unit: PersistUnit): Promise<void> {
    if (!isClusterId(clusterId)) throw new StorageError('Corrupt', `${clusterId} is no cluster id`)
    record = { ...record, clusterId }
    return write(store => putUnit(store, unit, [[IDENTITY, record]]))
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      await underWay
      await Promise.resolve(connection)
        .then(db => db.close())
        .catch(() => undefined)
      await lock.release()
    })()
    return closing
  }

  /** In one transaction with the check that it may be made at all. */
  function write(puts: (store: IDBObjectStore) => Promise<void>): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure)
    if (closing !== undefined) return Promise.reject(new StorageError('Closed', `the database of ${nodeId} is closed`))
    const ended = useStore('readwrite', store => {
      checkOwner(store)
      return puts(store)
    })
    // Should its turn come after all, it finds the failure, and takes itself back.
    const written = hangs.giveUp(ended).catch((error: unknown) => {
      throw fail(storageError(error))
    })
    underWay = Promise.allSettled([underWay, written]).then(() => undefined)
    return written
  }

  /**
   * The puts need not wait for this to be read: aborting takes them back. By then every earlier transaction has ended
   * and told us how, so that no unit is written after one that was not.
   */
  function checkOwner(store: IDBObjectStore): void {
    const owner = store.get(OWNER_EPOCH)
    owner.onsuccess = () => {
      if (failure !== undefined) refuse(store.transaction, failure)
      else if (owner.result !== ownerEpoch) refuse(store.transaction, fenced(owner.result))
    }
  }

  function fenced(owner: unknown): StorageError {
    return new StorageError('Fenced', `opened as ${ownerEpoch}, and since then as ${String(owner)}`)
  }

  /** The first failure is the storage's: nothing can be written after a unit that was not. */
  function fail(error: StorageError): StorageError {
    failure ??= error
    if (failure.kind === 'Fenced' || failure.kind === 'Unavailable') lose(failure)
    return failure
  }

  function watch(db: IDBDatabase): void {
    db.onversionchange = () => {
      // Lets what is under way finish, and whoever deletes or upgrades go on.
      db.close()
      fail(new StorageError('Unavailable', 'the database is being deleted or upgraded'))
    }
    db.onclose = () => {
      if (failure !== undefined || closing !== undefined) return
      const now = performance.now()
      if (now - reopenedAt < REOPEN_EVERY_MS) {
        fail(new StorageError('Unavailable', 'the browser closed the database twice within a minute'))
        return
      }
      reopenedAt = now
      const reopening = reopen()
      connection = reopening
      // Before what waits for it goes on, so that nothing that comes later is written earlier.
      reopening.then(
        again => {
          connection = again
        },
        (error: unknown) => fail(storageError(error)),
      )
    }
  }

  async function reopen(): Promise<IDBDatabase> {
    const opening = openExisting(opened.name)
    const db = await Promise.race([opening, new Promise<undefined>(late => setTimeout(late, REOPEN_WITHIN_MS))])
    if (db === undefined) {
      opening.then(late => late?.close()).catch(() => undefined)
      throw new StorageError('Unavailable', 'the browser closed the database and did not open it again')
    }
    const owner = await get<unknown>(
      OWNER_EPOCH,
      strictStore(() => db),
    )
    if (owner !== ownerEpoch) {
      db.close()
      throw fenced(owner)
    }
    watch(db)
    return db
  }
}
