import { describe, expect, it } from 'vitest'
import { broadcastChannelSignaling } from './broadcast-channel-signaling.ts'
import { MAX_SIGNAL_LENGTH } from './signaling.ts'
import { signalingConformance } from './signaling-conformance.ts'

describe('BroadcastChannel signalling', () => {
  it.each(signalingConformance)('$name', async ({ run }) => {
    await run({ create: broadcastChannelSignaling })
  })

  it('hears nothing in what any other script of the origin may post', async () => {
    const room = crypto.randomUUID()
    const heard: string[] = []
    const signaling = broadcastChannelSignaling(room)
    const stranger = new BroadcastChannel(`flotilla/signaling/${room}`)
    let passed = (): void => {}
    const fence = new Promise<void>(resolve => {
      passed = resolve
    })
    const onSignal = (text: string): void => {
      heard.push(text)
      if (text === 'fence') passed()
    }
    await signaling.join('me', { onSignal, onReturn: () => {} })
    const odd = [
      null,
      1,
      'text',
      {},
      [],
      [null],
      [null, 1],
      ['me', null],
      [{}, 'x'],
      [null, 'x', 'y'],
      { 0: null, 1: 'x', length: 2 },
    ]
    for (const message of odd) stranger.postMessage(message)
    stranger.postMessage([null, 'x'.repeat(MAX_SIGNAL_LENGTH + 1)])
    stranger.postMessage([null, 'fence'])
    await fence
    expect(heard).toEqual(['fence'])
    signaling.leave()
    stranger.close()
  })
})
