/**
 * Three edge nodes of one machine, each with its own disk and WebRTC between them: how long a write takes, one at a time, and how many a second
 * there are of 256 under way. Beside it what they cannot do without, in the same process and the same run: a message to another node and its answer over the
 * same kind of channel, with a plain LMDB transaction of the same size at either end, one after the other and not at the same time.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jsonCodec, type StateMachine } from '@flotilla/cluster'
import { signalingServer } from '@flotilla/signaling-server'
import { newRoomSecret } from '@flotilla/webrtc-transport'
import wrtc from '@roamhq/wrtc'
import { open } from 'lmdb'
import { type EdgeNode, endProcess, openEdgeNode } from '../src/index.ts'

const WRITES = 500
const MANY = 5_000
const AT_ONCE = 256
const PAYLOAD = 'x'.repeat(98)

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-edge-bench-'))
const say = (name: string, value: number, unit: string, floor?: number): void =>
  console.log(
    JSON.stringify({
      name,
      value,
      unit,
      ...(floor && { ratio: value / floor, against: 'a message, its answer, and LMDB' }),
    }),
  )

const percentile = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? 0

async function timesOf(count: number, act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const begun = performance.now()
    await act()
    times.push(performance.now() - begun)
  }
  return times
}

/** Calls a second, of so many under way at a time. */
async function rateOf(count: number, atOnce: number, act: () => Promise<unknown>): Promise<number> {
  let left = count
  const begun = performance.now()
  const worker = async (): Promise<void> => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return count / ((performance.now() - begun) / 1_000)
}

const machine = (): StateMachine<string, number> => {
  let count = 0
  return {
    command: jsonCodec(String),
    result: jsonCodec(Number),
    apply: () => ++count,
    snapshot: () => new TextEncoder().encode(String(count)),
    restore: bytes => {
      count = Number(new TextDecoder().decode(bytes))
    },
  }
}

async function threeNodes(): Promise<readonly EdgeNode<string, number>[]> {
  const signaling = signalingServer({ origins: 'any', log: () => {} })
  const server = createServer()
  signaling.attach(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const link = `http://127.0.0.1:${port}/#room=bench&key=${newRoomSecret()}`
  const nodes: EdgeNode<string, number>[] = []
  for (const start of ['open', 'join', 'join'] as const) {
    const dataDir = join(scratch, `node-${nodes.length}`)
    const options = { link, dataDir, machine: machine(), signaling: `ws://127.0.0.1:${port}/signaling`, start }
    nodes.push(await openEdgeNode(options))
  }
  const areReady = (): boolean =>
    nodes.every(({ cluster }) => cluster.status().members.filter(m => m.voter).length === 3)
  while (!areReady()) await new Promise(again => setTimeout(again, 50))
  return nodes
}

/** Gives a round trip with a write at either end. */
async function bareRoundTrip(): Promise<() => Promise<void>> {
  const { RTCPeerConnection } = wrtc
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()]
  const channels = [a, b].map(peer => peer.createDataChannel('bench', { negotiated: true, id: 1 }))
  const opened = Promise.all(channels.map(channel => new Promise(resolve => (channel.onopen = resolve))))
  const gathered = (peer: RTCPeerConnection): Promise<void> =>
    new Promise(resolve => {
      if (peer.iceGatheringState === 'complete') return resolve()
      peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve()
    })
  await a.setLocalDescription(await a.createOffer())
  await gathered(a)
  if (a.localDescription) await b.setRemoteDescription(a.localDescription)
  await b.setLocalDescription(await b.createAnswer())
  await gathered(b)
  if (b.localDescription) await a.setRemoteDescription(b.localDescription)
  await opened
  const disks = ['bare-a', 'bare-b'].map(name =>
    open<Buffer, number>({ path: join(scratch, name), encoding: 'binary', cache: false, overlappingSync: false }),
  )
  const message = new Uint8Array(140)
  let index = 0
  const [here, there] = channels
  if (here === undefined || there === undefined) throw new Error('two channels')
  there.onmessage = async () => {
    await disks[1]?.put(index, Buffer.from(message))
    there.send(message)
  }
  return async () => {
    index += 1
    await disks[0]?.put(index, Buffer.from(message))
    await new Promise(answered => {
      here.onmessage = answered
      here.send(message)
    })
  }
}

const nodes = await threeNodes()
const leader = nodes.find(({ cluster }) => cluster.status().role === 'leader')
const follower = nodes.find(({ cluster }) => cluster.status().role === 'follower')
if (leader === undefined || follower === undefined) throw new Error('a leader and followers')
const bare = await bareRoundTrip()
await timesOf(50, () => leader.cluster.propose(PAYLOAD))
await timesOf(50, bare)
// In turns, so that what else the machine does meets both.
const [ours, floors, followers]: [number[], number[], number[]] = [[], [], []]
for (let turn = 0; turn < 10; turn++) {
  ours.push(...(await timesOf(WRITES / 10, () => leader.cluster.propose(PAYLOAD))))
  floors.push(...(await timesOf(WRITES / 10, bare)))
  followers.push(...(await timesOf(WRITES / 10, () => follower.cluster.propose(PAYLOAD))))
}
say('a bare round trip and two LMDB writes, median', percentile(floors, 0.5), 'ms')
say('a bare round trip and two LMDB writes, slowest hundredth', percentile(floors, 0.99), 'ms')
say('committed on three disks, at the leader, median', percentile(ours, 0.5), 'ms', percentile(floors, 0.5))
say(
  'committed on three disks, at the leader, slowest hundredth',
  percentile(ours, 0.99),
  'ms',
  percentile(floors, 0.99),
)
say('committed on three disks, at a follower, median', percentile(followers, 0.5), 'ms', percentile(floors, 0.5))
say(`writes with ${AT_ONCE} under way`, await rateOf(MANY, AT_ONCE, () => leader.cluster.propose(PAYLOAD)), 'writes/s')
const plain = open<Buffer, number>({
  path: join(scratch, 'plain'),
  encoding: 'binary',
  cache: false,
  overlappingSync: false,
})
let next = 0
say(
  `plain LMDB writes with ${AT_ONCE} under way`,
  await rateOf(MANY, AT_ONCE, () => plain.put(++next, Buffer.alloc(140))),
  'writes/s',
)
rmSync(scratch, { recursive: true, force: true })
await endProcess(0)
