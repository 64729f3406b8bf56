/** One tab of a mesh, for tests that need several real tabs: opens a transport when told to, and remembers what comes. */
import type { Lane, Obstacle, TransportHandler } from '@flotilla/cluster'
import { type LinkStats, newNodeIdentity, type WebRtcTransport, webRtc } from '@flotilla/webrtc-transport'

/** The first byte of a frame: what it is for. */
const NOTE = 0
const PING = 1
const PONG = 2
const LOAD = 3

export interface Arrival {
  readonly from: string
  readonly bytes: number
  /** The second byte, by which a test tells frames apart. */
  readonly mark: number
}

interface MeshTab {
  open(room: string, id: string): Promise<void>
  /** As a node with keys, in a room with a secret; which id it has. */
  openSecret(room: string, secret: string): Promise<string>
  /** Through this TURN server only. */
  openRelayed(room: string, id: string, turn: RTCIceServer): Promise<void>
  obstacles(): readonly Obstacle[]
  close(): Promise<void>
  peers(): readonly string[]
  /** Resolves when exactly these are linked. */
  linkedTo(peers: readonly string[]): Promise<void>
  /** `+b` for a link to b that came up, `-b` for one that went down. */
  readonly links: string[]
  readonly arrivals: Arrival[]
  /** Sends a frame of so many bytes, to be told by its mark. */
  send(to: string, bytes: number, lane: Lane, mark: number): void
  stats(): {
    readonly peers: Readonly<Record<string, LinkStats>>
    readonly refusedSignals: number
    readonly impostors: number
  }
  /** From now on this tab's data channels carry noise instead of what is sent. */
  turnBad(): void
  /** Round trips of `bytes`, one after the other. Milliseconds each. */
  roundTrips(to: string, count: number, bytes: number): Promise<number[]>
  /** Bytes a second in the bulk lane, frames of `bytes`, counted from the first sent to the last acknowledged. */
  throughput(to: string, count: number, bytes: number): Promise<number>
}

declare global {
  interface Window {
    tab?: MeshTab
  }
}

let transport: WebRtcTransport | undefined
let onPong = (): void => {}
const links: string[] = []
const arrivals: Arrival[] = []
const waiting = new Set<() => void>()

function frame(kind: number, bytes: number, mark = 0): Uint8Array {
  const made = new Uint8Array(bytes)
  made[0] = kind
  made[1] = mark
  return made
}

function onFrame(from: string, received: Uint8Array): void {
  const [kind, mark = 0] = received
  if (kind === NOTE) arrivals.push({ from, bytes: received.byteLength, mark })
  if (kind === PING) transport?.send(from, frame(PONG, received.byteLength), 'urgent')
  if (kind === PONG) onPong()
  if (kind === LOAD && mark === 1) transport?.send(from, frame(PONG, 2), 'urgent')
}

const handler: TransportHandler = {
  onFrame,
  onPeer: (peer, up) => {
    links.push(`${up ? '+' : '-'}${peer}`)
    for (const look of waiting) look()
  },
}

const tab: MeshTab = {
  links,
  arrivals,
  async open(room, id) {
    transport = webRtc()(room)
    await transport.open(id, handler)
  },
  async openRelayed(room, id, turn) {
    transport = webRtc({ iceServers: [turn], iceTransportPolicy: 'relay' })(room)
    await transport.open(id, handler)
  },
  async openSecret(room, secret) {
    const { nodeId, keys } = await newNodeIdentity()
    transport = webRtc({ secret })(room)
    await transport.open(nodeId, handler, { keys })
    return nodeId
  },
  obstacles: () => transport?.obstacles?.() ?? [],
  close: async () => transport?.close(),
  peers: () => transport?.peers() ?? [],
  linkedTo: peers =>
    new Promise(resolve => {
      const wanted = [...peers].sort().join()
      const look = (): void => {
        if ([...tab.peers()].sort().join() !== wanted) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    }),
  send: (to, bytes, lane, mark) => transport?.send(to, frame(NOTE, bytes, mark), lane),
  stats() {
    const { peers = new Map(), refusedSignals = 0, impostors = 0 } = transport?.stats() ?? {}
    return { peers: Object.fromEntries(peers), refusedSignals, impostors }
  },
  turnBad() {
    const { send } = RTCDataChannel.prototype
    RTCDataChannel.prototype.send = function (this: RTCDataChannel) {
      send.call(this, crypto.getRandomValues(new Uint8Array(64)).fill(0xff, 0, 1))
    }
  },
  async roundTrips(to, count, bytes) {
    const times: number[] = []
    for (let i = 0; i < count; i += 1) {
      const sentAt = performance.now()
      await new Promise<void>(resolve => {
        onPong = resolve
        transport?.send(to, frame(PING, bytes), 'urgent')
      })
      times.push(performance.now() - sentAt)
    }
    return times
  },
  async throughput(to, count, bytes) {
    const window = Math.max(1, Math.floor((4 << 20) / bytes))
    const startedAt = performance.now()
    for (let i = 1; i <= count; i += window) {
      const inThisWindow = Math.min(window, count - i + 1)
      await new Promise<void>(resolve => {
        onPong = resolve
        for (let n = 1; n <= inThisWindow; n += 1) {
          transport?.send(to, frame(LOAD, bytes, n === Math.ceil(inThisWindow / 2) ? 1 : 0), 'bulk')
        }
      })
    }
    await new Promise<void>(resolve => {
      onPong = resolve
      transport?.send(to, frame(LOAD, 2, 1), 'bulk')
    })
    return (count * bytes) / ((performance.now() - startedAt) / 1000)
  },
}

window.tab = tab
