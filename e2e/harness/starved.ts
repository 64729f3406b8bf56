/**
 * A page with more to do than it can, and in it a node of each of two rooms: one whose election timeout stretches, and one
 * whose never does. Whatever makes one late makes the other late just as much.
 */
import { type Cluster, openCluster, type StateMachine } from '@flotilla/cluster'
import { indexedDb } from '@flotilla/indexeddb-storage'
import { webRtc } from '@flotilla/webrtc-transport'

declare global {
  interface Window {
    rooms: Record<'stretched' | 'control', Cluster<never, never>>
    /**
     * Keeps the page busy so many times, each for as long as drawn, with as short a rest between. In time, not in work: how
     * long a page is deaf must not depend on the machine, or on what else runs on it.
     */
    beBusy(times: number, mostMs: number): Promise<void>
  }
}

const none = {
  encode: (value: never) => value,
  decode: () => {
    throw new Error('these rooms have no commands')
  },
}
const machine: StateMachine<never, never> = {
  command: none,
  result: none,
  apply: command => command,
  snapshot: () => new Uint8Array(),
  restore: () => undefined,
}
const restMs = 300
const room = new URLSearchParams(location.hash.slice(1)).get('room') ?? 'starved'
const open = (name: string, electionTimeoutStretch: number): Promise<Cluster<never, never>> =>
  openCluster<never, never>({
    room: `${room}-${name}`,
    storage: indexedDb(),
    transport: webRtc(),
    machine,
    raft: { electionTimeoutStretch },
  })

const [stretched, control] = await Promise.all([open('stretched', 8), open('control', 1)])
window.rooms = { stretched, control }

window.beBusy = async (times, mostMs) => {
  for (let time = 0; time < times; time++) {
    const until = performance.now() + Math.random() * mostMs
    while (performance.now() < until);
    await new Promise(resolve => setTimeout(resolve, Math.random() * restMs))
  }
}
