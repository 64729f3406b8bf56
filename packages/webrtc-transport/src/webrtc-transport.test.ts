import { MAX_FRAME_BYTES } from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import { webRtc } from './webrtc-transport.ts'

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
