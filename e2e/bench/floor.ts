/** The floor under a commit: what a data channel and a disk cost between two tabs when nothing else is done with them. */
import type { Page } from '@playwright/test'

const ROUNDS = 500
const BYTES = 100

/** A bare connection that the page keeps between two evaluations. */
interface Probe {
  readonly connection: RTCPeerConnection
  readonly channel: Promise<RTCDataChannel>
}

declare global {
  interface Window {
    probe?: Probe
  }
}

/** Milliseconds of each round trip of 100 bytes over a plain data channel, timed in the first page. */
export async function measureRoundTrips(from: Page, to: Page): Promise<number[]> {
  // The test process carries the signals, and each carries all candidates: nothing but the channel is in the pages.
  const offer = await from.evaluate(async () => {
    const connection = new RTCPeerConnection()
    const channel = connection.createDataChannel('floor')
    channel.binaryType = 'arraybuffer'
    const opened = new Promise<RTCDataChannel>(resolve => channel.addEventListener('open', () => resolve(channel)))
    window.probe = { connection, channel: opened }
    await connection.setLocalDescription()
    await new Promise<void>(resolve => {
      connection.addEventListener('icegatheringstatechange', () => {
        if (connection.iceGatheringState === 'complete') resolve()
      })
    })
    return connection.localDescription?.sdp ?? ''
  })
  const answer = await to.evaluate(async sdp => {
    const connection = new RTCPeerConnection()
    const channel = new Promise<RTCDataChannel>(resolve => {
      connection.addEventListener('datachannel', event => {
        event.channel.addEventListener('message', ({ data }) => event.channel.send(data))
        event.channel.binaryType = 'arraybuffer'
        resolve(event.channel)
      })
    })
    window.probe = { connection, channel }
    await connection.setRemoteDescription({ type: 'offer', sdp })
    await connection.setLocalDescription()
    await new Promise<void>(resolve => {
      connection.addEventListener('icegatheringstatechange', () => {
        if (connection.iceGatheringState === 'complete') resolve()
      })
    })
    return connection.localDescription?.sdp ?? ''
  }, offer)

  const times = await from.evaluate(
    async ({ answer, rounds, bytes }) => {
      if (window.probe === undefined) throw new Error('the offer came from this page')
      await window.probe.connection.setRemoteDescription({ type: 'answer', sdp: answer })
      const channel = await window.probe.channel
      const payload = new Uint8Array(bytes)
      const times: number[] = []
      for (let i = 0; i < rounds; i++) {
        const begun = performance.now()
        const echoed = new Promise(resolve => channel.addEventListener('message', resolve, { once: true }))
        channel.send(payload)
        await echoed
        times.push(performance.now() - begun)
      }
      return times
    },
    { answer, rounds: ROUNDS, bytes: BYTES },
  )
  for (const page of [from, to]) await page.evaluate(() => window.probe?.connection.close())
  return times
}

/** Milliseconds of each write of one small record in a strict transaction, until it is complete. */
export function measureStrictWrites(page: Page): Promise<number[]> {
  return page.evaluate(
    async ({ rounds, bytes }) => {
      const opening = indexedDB.open('floor')
      opening.onupgradeneeded = () => opening.result.createObjectStore('records')
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      const times: number[] = []
      for (let i = 0; i < rounds; i++) {
        const begun = performance.now()
        await new Promise<void>((resolve, reject) => {
          const transaction = database.transaction('records', 'readwrite', { durability: 'strict' })
          transaction.oncomplete = () => resolve()
          transaction.onabort = () => reject(transaction.error)
          transaction.objectStore('records').put(new Uint8Array(bytes), i)
        })
        times.push(performance.now() - begun)
      }
      database.close()
      indexedDB.deleteDatabase('floor')
      return times
    },
    { rounds: ROUNDS, bytes: BYTES },
  )
}
