import { MAX_FRAME_BYTES, manualClock } from '@flotilla/cluster'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Signaling } from './signaling.ts'
import { meet, OPEN_WITHIN_MS, webRtc } from './webrtc-transport.ts'

const silent = { onFrame: () => {}, onPeer: () => {} }

/** Where there is no WebRTC, as here in Node: what the transport says before it needs any. */
describe('the WebRTC transport', () => {
  it('says so where there are no data channels', async () => {
    await expect(webRtc()('room').open('a', silent)).rejects.toMatchObject({
      name: 'TransportError',
      kind: 'Unsupported',
    })
  })

  it('does not open after it was closed, and closes twice as once', async () => {
    const transport = webRtc()('room')
    await transport.close()
    await transport.close()
    await expect(transport.open('a', silent)).rejects.toMatchObject({ kind: 'Closed' })
    expect(transport.peers()).toEqual([])
  })

  it('refuses an id that no peer would accept', async () => {
    for (const id of ['', 'x'.repeat(65), '\ud800']) {
      await expect(webRtc()('room').open(id, silent)).rejects.toBeInstanceOf(RangeError)
    }
  })

  it('refuses a frame that is too long, linked or not, and drops any other for which there is no link', () => {
    const transport = webRtc()('room')
    expect(() => transport.send('b', new Uint8Array(MAX_FRAME_BYTES + 1), 'bulk')).toThrow(RangeError)
    expect(() => transport.send('b', new Uint8Array(MAX_FRAME_BYTES), 'bulk')).not.toThrow()
  })
})

describe('entering a room', () => {
  afterEach(() => vi.unstubAllGlobals())

  /** A signalling server that never answers, which tells who has left. */
  function silence(): { signaling: Signaling; left: () => boolean } {
    let left = false
    const leave = (): void => {
      left = true
    }
    const unreached = 'ws://host/signaling'
    return { signaling: { join: () => new Promise(() => {}), send: () => {}, unreached, leave }, left: () => left }
  }

  function browserWithWebRtc(): void {
    vi.stubGlobal(
      'RTCPeerConnection',
      class {
        close(): void {}
      },
    )
  }

  it('ends in time when the signalling never answers', async () => {
    browserWithWebRtc()
    const clock = manualClock()
    const { signaling, left } = silence()
    const opening = webRtc({ signaling: () => signaling, clock })('room').open('a', silent)
    await vi.waitUntil(() => clock.earliest < Number.POSITIVE_INFINITY)
    clock.advance(OPEN_WITHIN_MS)
    await expect(opening).rejects.toMatchObject({
      name: 'TransportError',
      kind: 'Timeout',
      message: expect.stringContaining('signalling server ws://host/signaling'),
    })
    expect(left()).toBe(true)
  })

  it('says to whoever waits for the others which server has not answered, until it has', async () => {
    let unreached: string | undefined = 'ws://host/signaling'
    let enter = (): void => {}
    const signaling: Signaling = {
      join: () =>
        new Promise(resolve => {
          enter = resolve
        }),
      send: () => {},
      present: async () => undefined,
      get unreached() {
        return unreached
      },
      leave: () => {},
    }
    const told: unknown[] = []
    const giveUp = new AbortController()
    const clock = manualClock()
    const meeting = meet('room', { signaling: () => signaling, clock }, giveUp.signal, why => told.push(why))
    await vi.waitUntil(() => told.length > 0)
    unreached = undefined
    enter()
    await vi.waitUntil(() => told.length > 1)
    giveUp.abort('enough')
    await expect(meeting).rejects.toBe('enough')
    expect(told).toEqual(['no answer from the signalling server ws://host/signaling', undefined])
  })

  it('ends at once when it is given up, before or while it is under way', async () => {
    browserWithWebRtc()
    for (const early of [true, false]) {
      const { signaling, left } = silence()
      const giveUp = new AbortController()
      if (early) giveUp.abort()
      const opening = webRtc({ signaling: () => signaling, clock: manualClock() })('room').open('a', silent, {
        signal: giveUp.signal,
      })
      giveUp.abort()
      await expect(opening).rejects.toMatchObject({ kind: 'Aborted' })
      expect(left()).toBe(true)
    }
  })

  it('says why when the signalling refuses', async () => {
    browserWithWebRtc()
    const refusing: Signaling = { join: () => Promise.reject(new Error('no')), send: () => {}, leave: () => {} }
    const opening = webRtc({ signaling: () => refusing, clock: manualClock() })('room').open('a', silent)
    await expect(opening).rejects.toMatchObject({ kind: 'SignalingFailed', cause: new Error('no') })
  })
})
