/**
 * Web Locks: who may drive a node is decided by the browser, which also lets go of a lock when its tab dies.
 * They need a secure context (https or localhost), as does all else that Flotilla uses.
 */
import { StorageError } from '@flotilla/cluster'

export interface HeldLock {
  /** Resolves when others can have it. Twice is once. */
  release(): Promise<void>
  /** Resolves if somebody took it by force. */
  readonly stolen: Promise<void>
}

/** `undefined` while anybody holds it, in this tab or another, unless it is taken by force. */
export function tryLock(name: string, byForce = false): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    let letGo = (): void => {}
    const held = new Promise<void>(done => {
      letGo = done
    })
    let granted = false
    const ended = locks().request(name, byForce ? { steal: true } : { ifAvailable: true }, lock => {
      if (lock === null) return resolve(undefined)
      granted = true
      resolve({ release, stolen })
      return held
    })
    // The request settles when the lock is gone: as we asked, or with an error when it was stolen.
    const stolen = new Promise<void>(theft => ended.catch(() => granted && theft()))
    const release = async (): Promise<void> => {
      letGo()
      await ended.catch(() => undefined)
    }
    ended.catch(cause => granted || reject(new StorageError('Unavailable', 'no Web Lock could be had', { cause })))
  })
}

/** Waits for the lock, or takes it by force, runs, and passes the result or the error through. */
export async function withLock<T>(name: string, byForce: boolean, run: () => Promise<T>): Promise<T> {
  return locks().request(name, byForce ? { steal: true } : {}, run)
}

function locks(): LockManager {
  // Absent in insecure contexts, whatever the type says.
  if (!('locks' in navigator)) throw new StorageError('Unavailable', 'Web Locks need a secure context')
  return navigator.locks
}
