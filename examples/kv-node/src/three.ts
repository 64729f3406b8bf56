/**
 * `npm start`: three processes make a room, agree, lose their leader to `kill -9`, go on, and take it back in with its data.
 * With `--stay` they stay until you end them.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeProcess, type Status } from './process.ts'

const folder = await mkdtemp(join(tmpdir(), 'kv-node-'))
const first = await NodeProcess.start(join(folder, '1'), '--create')
console.log(`the room is made; who wants to join needs the ticket ${first.ticket}`)
const homes = new Map([[first, join(folder, '1')]])
for (const number of ['2', '3']) {
  homes.set(await NodeProcess.start(join(folder, number), '--ticket', first.ticket), join(folder, number))
}
await until(first, ({ members }) => members.filter(({ voter }) => voter).length === 3, 'all three vote')

const leader = await leaderAmong([...homes.keys()])
const followers = [...homes.keys()].filter(node => node !== leader)
const [one = leader, other = leader] = followers
await one.put('colour', 'blue')
console.log(`written at a follower, read at another: colour is ${JSON.stringify(await other.get('colour'))}`)

if (process.argv.includes('--stay')) {
  console.log('they stay until you end this with Ctrl-C')
  await new Promise(() => {})
}

await leader.end('SIGKILL')
console.log(`killed the leader, ${leader.id}`)
const next = await leaderAmong(followers)
await one.put('colour', 'green')
console.log(`${next.id} leads now, and the two go on: colour is ${JSON.stringify(await other.get('colour'))}`)

const back = await NodeProcess.start(homes.get(leader) ?? '', '--ticket', one.ticket)
await until(back, ({ leader }) => typeof leader === 'string', 'it hears from a leader')
const isSame = back.id === leader.id ? 'the same node' : 'another node'
console.log(`the killed one is back as ${isSame}, and reads: colour is ${JSON.stringify(await back.get('colour'))}`)

await Promise.all([...followers, back].map(node => node.end('SIGTERM')))
await rm(folder, { recursive: true })

async function leaderAmong(nodes: readonly NodeProcess[]): Promise<NodeProcess> {
  for (;;) {
    for (const node of nodes) if ((await node.status()).role === 'leader') return node
    await pause()
  }
}

async function until(node: NodeProcess, holds: (status: Status) => boolean, what: string): Promise<void> {
  while (!holds(await node.status())) await pause()
  console.log(what)
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 50))
}
