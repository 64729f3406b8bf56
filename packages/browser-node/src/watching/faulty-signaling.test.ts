import type { Signaling, SignalingHandler } from '@flotilla/webrtc-transport'
import { expect, test } from 'vitest'
import { FaultySignaling } from './faulty-signaling.ts'

class Way implements Signaling {
  handler: SignalingHandler | undefined
  readonly said: string[] = []
  async join(_self: string, handler: SignalingHandler): Promise<void> {
    this.handler = handler
  }
  send(text: string): void {
    this.said.push(text)
  }
  leave(): void {}
}

class ServersWay extends Way {
  present = async (): Promise<readonly string[]> => ['b']
  relay = (): boolean => true
  readonly unreached = 'ws://host/signaling'
}

async function joined<Kind extends Way>(way: Kind) {
  let offline = false
  let changed = (): void => {}
  const heard: string[] = []
  const signaling = new FaultySignaling(way, {
    isOffline: () => offline,
    onChanged: listener => {
      changed = listener
      return () => {}
    },
  })
  await signaling.join('a', {
    onSignal: text => heard.push(text),
    onReturn: () => heard.push('return'),
    onLost: () => heard.push('lost'),
    onRelayed: () => heard.push('relayed'),
  })
  const setOffline = (now: boolean): void => {
    offline = now
    changed()
  }
  return { signaling, way, heard, setOffline }
}

test('who is offline says and hears nothing, knows that, and is told when that is over', async () => {
  const { signaling, way, heard, setOffline } = await joined(new ServersWay())
  signaling.send('one')
  way.handler?.onSignal('hello')
  expect(await signaling.present?.()).toEqual(['b'])
  expect(signaling.relay?.(Uint8Array.of(1), 'b')).toBe(true)
  expect([signaling.isLost, signaling.unreached]).toEqual([false, 'ws://host/signaling'])

  setOffline(true)
  signaling.send('two')
  way.handler?.onSignal('nobody hears this')
  way.handler?.onReturn()
  way.handler?.onRelayed?.(Uint8Array.of(1))
  // Whoever makes rooms must not take this for being alone.
  expect(await signaling.present?.()).toBeUndefined()
  expect(signaling.relay?.(Uint8Array.of(1), 'b')).toBe(false)
  expect(signaling.isLost).toBe(true)

  setOffline(false)
  signaling.send('three')
  expect(way.said).toEqual(['one', 'three'])
  expect(heard).toEqual(['hello', 'lost', 'return'])
})

test('a way without a server still looks like one', async () => {
  const { signaling } = await joined(new Way())
  expect(signaling.present).toBeUndefined()
  expect(signaling.relay).toBeUndefined()
})
