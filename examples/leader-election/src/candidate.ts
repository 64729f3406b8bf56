/**
 * One process that may be in charge: of a cron job, of a queue, of whatever only one may do at a time.
 *
 *     candidate.ts                                 makes the room, and says its ticket
 *     candidate.ts elections@127.0.0.1:4001        takes part
 *
 * Nothing is on a disk: who ends is somebody new when it comes back. What it says are lines of JSON; what it is told on its
 * standard input is `resign`, `remove ID` or `add ID`.
 */
import { createInterface } from 'node:readline'
import { electLeader, memoryDevice } from '@flotilla/cluster'
import { tcpTransport } from '../../kv-node/src/tcp-transport.ts'
import { readTicket, writeTicket } from '../../kv-node/src/ticket.ts'

/** A busy machine is no fault. */
const PATIENCE_MS = 600_000

const [given] = process.argv.slice(2)
const ticket = given === undefined ? { room: 'elections', addresses: [] } : readTicket(given)
const book = new Set(ticket.addresses)
const election = await electLeader({
  room: ticket.room,
  start: given === undefined ? 'create' : 'join',
  openTimeoutMs: PATIENCE_MS,
  storage: memoryDevice().storage,
  transport: room => tcpTransport(room, { book }),
})
say({ id: election.id, ticket: writeTicket({ room: ticket.room, addresses: [...book] }) })

election.watch(({ leader, isMe, term }) => {
  // Whoever acts on the outside world sends the term along, so that what a deposed one still sends can be refused there.
  say({ leader: leader ?? null, isMe, term })
})

createInterface({ input: process.stdin })
  .on('line', line => {
    const [order, id = ''] = line.split(' ')
    const done =
      order === 'resign'
        ? election.resign()
        : order === 'remove'
          ? election.removeMember(id, { timeoutMs: PATIENCE_MS })
          : order === 'add'
            ? election.addMember(id, 'voter', { timeoutMs: PATIENCE_MS })
            : Promise.reject(new Error('resign, remove ID or add ID'))
    done.then(
      () => say({ done: line }),
      (error: unknown) => say({ failed: line, error: String(error) }),
    )
  })
  // Whoever started us has gone.
  .on('close', () => void election.close().then(() => process.exit()))

function say(line: object): void {
  console.log(JSON.stringify(line))
}
