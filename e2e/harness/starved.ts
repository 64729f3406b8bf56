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
    /** Keeps the page busy so many times, each time for as long as `most` steps of counting take at most. */
    beBusy(times: number, mostSteps: number): Promise<void>
    /** How many such steps a millisecond has, while nothing holds the page back. */
    stepsPerMs(): number
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

let sink = 0
function count(steps: number): void {
  for (let i = 0; i < steps; i++) sink = (sink + Math.imul(i, 0x9e37)) | 0
}

window.stepsPerMs = () => {
  const steps = 20_000_000
  count(steps)
  const began = performance.now()
  count(steps)
  return steps / (performance.now() - began)
}

window.beBusy = async (times, mostSteps) => {
  for (let time = 0; time < times; time++) {
    count(Math.random() * mostSteps)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
