/**
 * Three edge nodes of one machine, each in a process and with a disk of its own and WebRTC between them: how long a write takes, one at a time, and how many a second
 * there are of 256 under way. In turns with it, in the same processes, what a commit cannot do without: a message, a plain LMDB transaction of the same size
 * at either end at the same time, and the answer; at a follower, a message to the leader and its answer around that. It is told for two nodes, which are the
 * fewest that can commit anything, and for three, as many as ours write to.
 *
 * An edge node is a process; three in one would wait for one another in its one thread, and for its one thread of WebRTC, as none in a room does. All are
 * warmed up alike: a node lives longer than it takes to compile it.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { signalingServer } from '@flotilla/signaling-server'
import { newRoomSecret } from '@flotilla/webrtc-transport'
import type { Order, Timed, Told } from './node-process.ts'

const WARM_UP_TURNS = 20
const TURNS = 10
const OF_EACH = 50
const MANY = 5_000
const AT_ONCE = 256

type Tell = (order: Order) => Promise<Told>

const scratch = mkdtempSync(join(tmpdir(), 'flotilla-edge-bench-'))
const processes: ChildProcess[] = []
process.on('exit', () => {
  for (const child of processes) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
})

const nodes = await threeNodes()
const roles = await Promise.all(nodes.map(async tell => (await tell({ order: 'role' })).role))
const leader = nodes[roles.indexOf('leader')]
const [follower, other] = nodes.filter(tell => tell !== leader)
if (leader === undefined || follower === undefined || other === undefined) throw new Error('a leader and two followers')
await connect(leader, follower)
await connect(leader, other)

const rounds = [
  [leader, 'commit'],
  [leader, 'exchange'],
  [leader, 'exchangeOfThree'],
  [leader, 'exchangeInTurn'],
  [follower, 'commit'],
  [follower, 'ask'],
  [follower, 'askThree'],
] as const
const key = (tell: Tell, of: Timed): string => `${tell === leader ? 'leader' : 'follower'} ${of}`
const times = new Map<string, number[]>()
const processorMs = new Map<string, number>()
// In turns, so that what else the machine does meets all of them.
for (let turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
  for (const [tell, of] of rounds) {
    const before = await allProcessors()
    const told = await tell({ order: 'times', of, count: OF_EACH })
    const spent = (await allProcessors()) - before
    if (turn < 0) continue
    const name = key(tell, of)
    times.set(name, [...(times.get(name) ?? []), ...(told.times ?? [])])
    processorMs.set(name, (processorMs.get(name) ?? 0) + spent / (TURNS * OF_EACH))
  }
}

const two = 'two bare nodes'
const three = 'three bare nodes'
report('at the leader', leader, 'exchange', 'exchangeOfThree')
report('at a follower', follower, 'ask', 'askThree')
const inTurn = percentile(key(leader, 'exchangeInTurn'), 0.5)
const atLeader = percentile(key(leader, 'commit'), 0.5)
say('bare, two nodes that write one after the other, median', inTurn, 'ms')
say('committed, at the leader, median', atLeader, 'ms', inTurn, 'two that write one after the other')
const rate = async (of: Timed): Promise<number> =>
  (await leader({ order: 'rate', of, count: MANY, atOnce: AT_ONCE })).rate ?? 0
say(`writes with ${AT_ONCE} under way`, await rate('commit'), 'writes/s')
say(`plain LMDB writes with ${AT_ONCE} under way`, await rate('write'), 'writes/s')

for (const child of processes) child.send({ order: 'end' } satisfies Order)
await Promise.all(processes.map(child => once(child, 'exit')))
process.exit(0)

function report(where: string, tell: Tell, bareTwo: Timed, bareThree: Timed): void {
  for (const [part, called] of [
    [0.5, 'median'],
    [0.99, 'slowest hundredth'],
  ] as const) {
    const [ours, ofTwo, ofThree] = [
      percentile(key(tell, 'commit'), part),
      percentile(key(tell, bareTwo), part),
      percentile(key(tell, bareThree), part),
    ]
    say(`bare, two nodes, ${where}, ${called}`, ofTwo, 'ms')
    say(`bare, three nodes, ${where}, ${called}`, ofThree, 'ms')
    say(`committed, ${where}, ${called}`, ours, 'ms', ofTwo, two)
    say(`committed, ${where}, ${called}`, ours, 'ms', ofThree, three)
  }
  const [ours, ofThree] = [processorMs.get(key(tell, 'commit')) ?? 0, processorMs.get(key(tell, bareThree)) ?? 0]
  say(`bare, three nodes, ${where}, all their processor time`, ofThree, 'ms')
  say(`committed, ${where}, all their processor time`, ours, 'ms', ofThree, three)
}

function say(name: string, value: number, unit: string, floor?: number, against?: string): void {
  console.log(JSON.stringify({ name, value, unit, ...(floor !== undefined && { ratio: value / floor, against }) }))
}

function percentile(name: string, part: number): number {
  const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * part)] ?? 0
}

async function allProcessors(): Promise<number> {
  const told = await Promise.all(nodes.map(tell => tell({ order: 'role' })))
  return told.reduce((sum, { processorMs }) => sum + processorMs, 0)
}

async function threeNodes(): Promise<readonly Tell[]> {
  const signaling = signalingServer({ origins: 'any', log: () => {} })
  const server = createServer()
  signaling.attach(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const link = `http://127.0.0.1:${port}/#room=bench&key=${newRoomSecret()}`
  const nodes: Tell[] = []
  for (const start of ['open', 'join', 'join']) {
    const folder = join(scratch, `node-${nodes.length}`)
    nodes.push(await nodeProcess([link, `ws://127.0.0.1:${port}/signaling`, folder, start]))
  }
  const areReady = async (): Promise<boolean> =>
    (await Promise.all(nodes.map(tell => tell({ order: 'role' })))).every(({ voters }) => voters === 3)
  while (!(await areReady())) await new Promise(again => setTimeout(again, 50))
  return nodes
}

async function nodeProcess(args: readonly string[]): Promise<Tell> {
  const child = fork(fileURLToPath(new URL('./node-process.ts', import.meta.url)), args)
  processes.push(child)
  child.on('exit', code => {
    if (code === 0) return
    console.error(`a node’s process ended with ${code}`)
    process.exit(1)
  })
  const next = (): Promise<Told> => new Promise(resolve => child.once('message', (told: Told) => resolve(told)))
  await next()
  return order => {
    const told = next()
    child.send(order)
    return told
  }
}

async function connect(a: Tell, b: Tell): Promise<void> {
  const offer = await a({ order: 'offer' })
  const answer = await b({ order: 'accept', sdp: offer.sdp ?? '' })
  await a({ order: 'accepted', sdp: answer.sdp ?? '' })
}
