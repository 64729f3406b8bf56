/**
 * The floor under a commit: what data channels and disks cost between the same tabs when there is no Raft. Each page gets
 * bare channels to the others and a bare database; the test process carries the signals.
 */
import type { Page } from '@playwright/test'

const ROUNDS = 500
const BYTES = 100

interface Floor {
  readonly connections: RTCPeerConnection[]
  readonly channels: RTCDataChannel[]
  /** One small record in a strict transaction, until it is complete. */
  write(): Promise<void>
  close(): void
}

declare global {
  interface Window {
    floor?: Floor
  }
}

/** Connects `leader` with every follower, and gives each page a database. Undone by `removeFloor`. */
export async function layFloor(leader: Page, followers: readonly Page[]): Promise<void> {
  for (const page of [leader, ...followers]) {
    // tsx marks functions' names with a helper of its own, which the page does not have.
    await page.evaluate('globalThis.__name ??= f => f')
    await page.evaluate(prepare, BYTES)
  }
  for (const follower of followers) {
    const offer = await leader.evaluate(async () => {
      const { floor } = window
      if (floor === undefined) throw new Error('no floor')
      const connection = new RTCPeerConnection()
      const channel = connection.createDataChannel('floor')
      channel.binaryType = 'arraybuffer'
      channel.addEventListener('open', () => floor.channels.push(channel))
      floor.connections.push(connection)
      await connection.setLocalDescription()
      while (connection.iceGatheringState !== 'complete') {
        await new Promise(changed => connection.addEventListener('icegatheringstatechange', changed, { once: true }))
      }
      return connection.localDescription?.sdp ?? ''
    })
    const answer = await follower.evaluate(async sdp => {
      const { floor } = window
      if (floor === undefined) throw new Error('no floor')
      const connection = new RTCPeerConnection()
      connection.addEventListener('datachannel', ({ channel }) => {
        channel.binaryType = 'arraybuffer'
        floor.channels.push(channel)
      })
      floor.connections.push(connection)
      await connection.setRemoteDescription({ type: 'offer', sdp })
      await connection.setLocalDescription()
      while (connection.iceGatheringState !== 'complete') {
        await new Promise(changed => connection.addEventListener('icegatheringstatechange', changed, { once: true }))
      }
      return connection.localDescription?.sdp ?? ''
    }, offer)
    await leader.evaluate(
      sdp => window.floor?.connections.at(-1)?.setRemoteDescription({ type: 'answer', sdp }),
      answer,
    )
    await follower.waitForFunction(() => window.floor?.channels.length === 1)
  }
  await leader.waitForFunction(count => window.floor?.channels.length === count, followers.length)
}

export async function removeFloor(pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.evaluate(() => window.floor?.close())
}

/** Milliseconds of each round trip of 100 bytes between the leader and its first follower. */
export async function measureRoundTrips(leader: Page, follower: Page): Promise<number[]> {
  await follower.evaluate(() => {
    const channel = window.floor?.channels[0]
    if (channel !== undefined) channel.onmessage = ({ data }) => channel.send(data)
  })
  return leader.evaluate(
    async ({ rounds, bytes }) => {
      const channel = window.floor?.channels[0]
      if (channel === undefined) throw new Error('no channel')
      const times: number[] = []
      for (let i = 0; i < rounds; i++) {
        const begun = performance.now()
        const echoed = new Promise(resolve => channel.addEventListener('message', resolve, { once: true }))
        channel.send(new Uint8Array(bytes))
        await echoed
        times.push(performance.now() - begun)
      }
      return times
    },
    { rounds: ROUNDS, bytes: BYTES },
  )
}

/** Milliseconds of each strict write, nobody else writing. */
export function measureStrictWrites(page: Page): Promise<number[]> {
  return page.evaluate(async rounds => {
    const { floor } = window
    if (floor === undefined) throw new Error('no floor')
    const times: number[] = []
    for (let i = 0; i < rounds; i++) {
      const begun = performance.now()
      await floor.write()
      times.push(performance.now() - begun)
    }
    return times
  }, ROUNDS)
}

/**
 * Milliseconds of each bare quorum commit: the leader sends to all and writes; each follower writes, then answers; done
 * when the leader has written and enough have answered for a majority. The same work on the same disks, without Raft.
 */
export async function measureBareCommits(leader: Page, followers: readonly Page[]): Promise<number[]> {
  for (const follower of followers) {
    await follower.evaluate(() => {
      const { floor } = window
      const channel = floor?.channels[0]
      if (floor === undefined || channel === undefined) throw new Error('no channel')
      channel.onmessage = ({ data }) => floor.write().then(() => channel.send(data))
    })
  }
  return leader.evaluate(
    async ({ rounds, bytes }) => {
      const { floor } = window
      if (floor === undefined) throw new Error('no floor')
      const needed = Math.floor((floor.channels.length + 1) / 2)
      let answers = 0
      let enough: () => void = () => {}
      for (const channel of floor.channels) {
        channel.onmessage = ({ data }) => {
          if (new Uint8Array(data)[0] === current % 256 && ++answers === needed) enough()
        }
      }
      let current = 0
      const times: number[] = []
      for (current = 0; current < rounds; current++) {
        const begun = performance.now()
        answers = 0
        const answered = new Promise<void>(resolve => {
          enough = resolve
        })
        const message = new Uint8Array(bytes).fill(current % 256, 0, 1)
        for (const channel of floor.channels) channel.send(message)
        await Promise.all([floor.write(), answered])
        times.push(performance.now() - begun)
      }
      return times
    },
    { rounds: ROUNDS, bytes: BYTES },
  )
}

/** Runs in the page. */
async function prepare(bytes: number): Promise<void> {
  const name = `floor-${crypto.randomUUID()}`
  const opening = indexedDB.open(name)
  opening.onupgradeneeded = () => opening.result.createObjectStore('records')
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  let key = 0
  const connections: RTCPeerConnection[] = []
  window.floor = {
    connections,
    channels: [],
    write: () =>
      new Promise<void>((resolve, reject) => {
        const transaction = database.transaction('records', 'readwrite', { durability: 'strict' })
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error)
        transaction.objectStore('records').put(new Uint8Array(bytes), key++)
      }),
    close: () => {
      for (const connection of connections) connection.close()
      database.close()
      indexedDB.deleteDatabase(name)
    },
  }
}
