/**
 * Who may drive a node, or decide for a room, among the processes of a machine: whoever listens at a socket that is named after it. The system closes
 * it when a process dies, however that was, and whoever waits is told. It keeps honest processes apart; that an owner who has been
 * overtaken writes nothing is the database's own doing (`node.ts`).
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { storageError, systemCode } from './errors.ts'

export interface HeldLock {
  /** Resolves when others can have it. Twice is once. */
  release(): Promise<void>
}

/** `undefined` while anybody holds it, in this process or another. */
export async function tryLock(path: string): Promise<HeldLock | undefined> {
  const address = addressOf(path)
  for (;;) {
    const held = await listen(address)
    if (held !== undefined) return held
    const left = inodeOf(address)
    const holder = await reach(address)
    if (holder !== undefined) {
      holder.destroy()
      return undefined
    }
    clearAway(address, left)
  }
}

/** Whether anybody holds it now. */
export async function isHeld(path: string): Promise<boolean> {
  const holder = await reach(addressOf(path))
  holder?.destroy()
  return holder !== undefined
}

/** Waits for the lock, runs, and passes the result or the error through. */
export async function withLock<T>(path: string, run: () => Promise<T>): Promise<T> {
  const address = addressOf(path)
  for (;;) {
    const held = await listen(address)
    if (held !== undefined) {
      try {
        return await run()
      } finally {
        await held.release()
      }
    }
    const left = inodeOf(address)
    const holder = await reach(address)
    if (holder === undefined) clearAway(address, left)
    else await ended(holder)
  }
}

/** The longest name that a socket can have everywhere. */
const LONGEST_PATH = 100

/** A pipe on Windows; where the path is too long for a socket, one that is named after it elsewhere. */
function addressOf(path: string): string {
  const full = resolve(path)
  if (process.platform !== 'win32' && Buffer.byteLength(full) <= LONGEST_PATH) return full
  const name = `flotilla-${createHash('sha256').update(full).digest('hex').slice(0, 24)}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name)
}

/** `undefined` if there is such a socket, of somebody who lives or of somebody who died. */
function listen(address: string): Promise<HeldLock | undefined> {
  return new Promise((settle, reject) => {
    const waiting = new Set<Socket>()
    const server = createServer(socket => {
      waiting.add(socket)
      socket.on('close', () => waiting.delete(socket))
      socket.on('error', () => socket.destroy())
      socket.resume().unref()
    })
    server.on('error', cause => (systemCode(cause) === 'EADDRINUSE' ? settle(undefined) : reject(storageError(cause))))
    server.listen(address, () => {
      server.unref()
      let releasing: Promise<void> | undefined
      const release = (): Promise<void> => {
        releasing ??= stop(server, waiting)
        return releasing
      }
      settle({ release })
    })
  })
}

async function stop(server: Server, waiting: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const socket of waiting) socket.destroy()
  await closed
}

/** A connection to whoever holds the lock; `undefined` if nobody does any more. */
function reach(address: string): Promise<Socket | undefined> {
  return new Promise(settle => {
    const socket = createConnection(address)
    socket.on('connect', () => settle(socket))
    socket.on('error', () => settle(undefined))
  })
}

async function ended(socket: Socket): Promise<void> {
  if (!socket.destroyed) await new Promise(over => socket.resume().on('close', over))
}

/** What names a socket's file among all there have ever been here; 0 where there is none. */
function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0
}

/**
 * What somebody left who died. Two may find it at once, and the slower one may get hold of what the quicker one has made in its place:
 * that is put back.
 */
function clearAway(address: string, left: number): void {
  if (process.platform === 'win32' || left === 0) return
  const aside = join(dirname(address), `.${basename(address).slice(0, 8)}-${crypto.randomUUID().slice(0, 8)}`)
  try {
    renameSync(address, aside)
    if (inodeOf(aside) !== left) linkSync(aside, address)
    rmSync(aside, { force: true })
  } catch (cause) {
    // Somebody else was quicker.
    if (systemCode(cause) !== 'ENOENT' && systemCode(cause) !== 'EEXIST') throw storageError(cause)
  }
}
