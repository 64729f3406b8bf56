/**
 * The data directory of a service. A browser passes over a node that it cannot read, and becomes a new one; an operator wants to know: where one
 * is damaged, nothing is opened. And what is written is counted and timed.
 */
import { type RoomStorage, type Storage, StorageError } from '@flotilla/cluster'
import { EdgeNodeError } from './edge-node-error.ts'
import type { Timings } from './timings.ts'

export function guardedStorage(
  storage: (room: string) => RoomStorage,
  dataDir: string,
  writes: Timings,
): (room: string) => RoomStorage {
  return room => {
    const shelf = storage(room)
    const guarded = async <T>(attempt: Promise<T>): Promise<T> => {
      try {
        return await attempt
      } catch (cause) {
        throw cause instanceof StorageError ? refusal(cause, dataDir) : cause
      }
    }
    return {
      ...shelf,
      survey: async () => {
        const survey = await guarded(shelf.survey())
        const [damaged] = survey.damaged
        if (damaged !== undefined) throw refusal(damaged.error, dataDir)
        return survey
      },
      claim: async nodeId => {
        const claimed = await guarded(shelf.claim(nodeId))
        return claimed && timed(claimed, writes)
      },
      create: async (node, first) => timed(await guarded(shelf.create(node, first)), writes),
    }
  }
}

/** For an operator: what is wrong, and what to do. */
export function refusal(error: StorageError, dataDir: string): EdgeNodeError {
  const { kind, message } = error
  switch (kind) {
    case 'Corrupt':
      return new EdgeNodeError(
        'DataDamaged',
        `the data in ${dataDir} is damaged, and is left as it is: ${message}. \`flotilla inspect ${dataDir}\` shows all of it. If the room has a leader without this node, move the directory away and start again: it joins as a new node and is sent everything. If it has none, keep the directory: it may be the only copy.`,
        { cause: error },
      )
    case 'NewerVersion':
      return new EdgeNodeError('DataDamaged', `${message}: install the later version again`, { cause: error })
    case 'QuotaExceeded':
      return new EdgeNodeError('DataUnavailable', `the disk under ${dataDir} is full: ${message}`, { cause: error })
    default:
      return new EdgeNodeError('DataUnavailable', `the data in ${dataDir} cannot be used: ${message}`, { cause: error })
  }
}

function timed(storage: Storage, writes: Timings): Storage {
  return {
    recovered: storage.recovered,
    persist: async unit => {
      const begun = performance.now()
      await storage.persist(unit)
      writes.add((performance.now() - begun) / 1_000)
    },
    noteCommitted: async index => storage.noteCommitted?.(index),
    setClusterId: clusterId => storage.setClusterId(clusterId),
    refound: (clusterId, unit) => storage.refound(clusterId, unit),
    close: () => storage.close(),
    lost: storage.lost,
  }
}
