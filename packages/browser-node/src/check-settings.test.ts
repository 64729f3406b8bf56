import { systemClock } from '@flotilla/cluster'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type NodesPage, openNodeIn } from './browser-node.ts'
import { checkSettings } from './check-settings.ts'
import type { NodeProgram, NodeSettings } from './program.ts'

afterEach(() => vi.unstubAllGlobals())

const machine = { apply: () => 0, snapshot: () => new Uint8Array(), restore: () => {}, codec: undefined as never }
const program: NodeProgram<never, number> = { machine: () => machine as never }
const unused = (): never => {
  throw new Error('something was made')
}
const page: NodesPage = {
  clock: systemClock(),
  place: unused,
  hear: unused,
  outbox: { open: unused } as never,
}

/** As JavaScript may call it. */
const opening = (settings: object): Promise<unknown> =>
  openNodeIn({ room: 'todos', program, ...settings }, 'todos', page)

describe('a mistake in the options of a node', () => {
  it.each([
    ['openTimeoutMs', { openTimeoutMs: 0 }],
    ['openTimeoutMs', { openTimeoutMs: Number.NaN }],
    ['priority', { priority: 'high' }],
    ['electionTimeoutMs', { raft: { electionTimeoutMs: 5 } }],
    ['heartbeatMs', { raft: { heartbeatMs: -1 } }],
    ['autopilot.maxVoters', { autopilot: { maxVoters: 0 } }],
    ['autopilot', { autopilot: 5 }],
    ['nodes', { nodes: 'perbrowser' }],
    ['signalingUrls must be an array', { signalingUrls: 'wss://host/signaling' }],
    ['nonsense', { signalingUrls: ['wss://host/signaling', 'nonsense'] }],
    ['http://host/signaling', { signalingUrls: ['http://host/signaling'] }],
    ['undefined', { signalingUrls: [undefined] }],
  ])('is told by its name before anything is made: %s', async (named, settings) => {
    await expect(opening(settings)).rejects.toMatchObject({
      name: 'ClusterError',
      kind: 'InvalidOptions',
      message: expect.stringContaining(named),
    })
  })

  it('is what the browser refuses of iceServers', () => {
    const asked: unknown[] = []
    class Refusing {
      constructor(configuration: unknown) {
        asked.push(configuration)
        throw new TypeError('it is no STUN or TURN address')
      }
    }
    vi.stubGlobal('RTCPeerConnection', Refusing)
    const iceServers = [{ urls: 'localhost' }]
    expect(() => checkSettings({ room: 'todos', iceServers }, program)).toThrow(
      expect.objectContaining({ kind: 'InvalidOptions', message: 'it is no STUN or TURN address' }),
    )
    expect(asked).toEqual([{ iceServers, iceTransportPolicy: 'all' }])
  })
})

it('options that are right are let through, and addresses of ways that are the program’s own', () => {
  const settings: NodeSettings = { room: 'todos', nodes: 'perTab', signalingUrls: ['ws://localhost:8787/signaling'] }
  expect(() => checkSettings(settings, program)).not.toThrow()
  const ways = () => ({ room: 'todos', transport: unused })
  expect(() => checkSettings({ room: 'todos', signalingUrls: ['nats'] }, { ...program, ways })).not.toThrow()
})
