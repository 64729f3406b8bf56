import { expect, test } from 'vitest'
import type { Channel } from './channel.ts'
import { VouchedChannel } from './vouched-channel.ts'

const fingerprints = { ours: 'sha-256 aa', theirs: 'sha-256 bb' }

test('a channel that opened before its certificates were known is no impostor’s: it opens when they are', () => {
  const { fake, channel, told } = make()
  fake.becomes('open')
  expect(told).toEqual([])
  expect(channel.fingerprints).toBeUndefined()

  channel.vouch(fingerprints)
  expect(told).toEqual(['open'])
  expect(channel.fingerprints).toEqual(fingerprints)
})

test('a channel whose certificates were known first opens when it opens, and once', () => {
  const { fake, channel, told } = make()
  channel.vouch(fingerprints)
  expect(told).toEqual([])
  fake.becomes('open')
  channel.vouch(undefined)
  fake.becomes('open')
  expect(told).toEqual(['open'])
  expect(channel.fingerprints).toEqual(fingerprints)
})

test('what a peer says between the two is heard afterwards, in its order', () => {
  const { fake, channel, told } = make()
  fake.becomes('open')
  for (const byte of [1, 2, 3]) fake.says(byte)
  channel.vouch(fingerprints)
  fake.says(4)
  expect(told).toEqual(['open', 1, 2, 3, 4])
})

test('one that says too much before it is known is closed', () => {
  const { fake, told } = make()
  fake.becomes('open')
  for (let byte = 0; byte <= 16; byte += 1) fake.says(byte)
  expect(told).toEqual(['close'])
  expect(fake.readyState).toBe('closed')
})

test('nothing is heard of one that we have closed, not even what waited', () => {
  const { fake, channel, told } = make()
  fake.becomes('open')
  fake.says(1)
  channel.close()
  channel.vouch(fingerprints)
  expect(told).toEqual([])
})

test('what is given to a channel that closes is refused, though a browser may swallow it', () => {
  const { fake, channel } = make()
  channel.vouch(fingerprints)
  expect(() => channel.send(Uint8Array.of(1))).toThrow('not open')
  fake.becomes('open')
  channel.send(Uint8Array.of(2))
  fake.becomes('closing')
  expect(() => channel.send(Uint8Array.of(3))).toThrow('not open')
  expect(fake.sent).toEqual([2])
})

function make(): { fake: FakeChannel; channel: VouchedChannel; told: (string | number)[] } {
  const fake = new FakeChannel()
  const told: (string | number)[] = []
  const channel = new VouchedChannel(fake, {
    onOpen: () => told.push('open'),
    onMessage: message => told.push(message?.[0] ?? 'no bytes'),
    onWritable: () => told.push('writable'),
    onClose: () => told.push('close'),
  })
  return { fake, channel, told }
}

class FakeChannel extends EventTarget implements Channel {
  binaryType: BinaryType = 'arraybuffer'
  bufferedAmountLowThreshold = 0
  readonly bufferedAmount = 0
  readyState: RTCDataChannelState = 'connecting'

  readonly sent: unknown[] = []

  becomes(state: 'open' | 'closing' | 'closed'): void {
    this.readyState = state
    this.dispatchEvent(new Event(state === 'closed' ? 'close' : state))
  }

  says(byte: number): void {
    this.dispatchEvent(new MessageEvent('message', { data: Uint8Array.of(byte).buffer }))
  }

  send(message: unknown): void {
    this.sent.push(...(message instanceof Uint8Array ? message : []))
  }

  close(): void {
    this.readyState = 'closed'
  }
}
