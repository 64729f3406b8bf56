/** `npm start`: three processes elect one of them, lose it to `kill -9`, elect another, and remove one and add it by hand. */
import { Candidate } from './process.ts'

const first = new Candidate()
const { ticket = '', id: firstId = '' } = await first.said(line => line.ticket !== undefined)
console.log(`the room is made; who wants to take part needs the ticket ${ticket}`)
const second = new Candidate(ticket)
const third = new Candidate(ticket)
const names = await Promise.all([second, third].map(each => each.said(line => line.id !== undefined)))
for (const each of [second, third]) await each.inCharge(({ leader }) => leader === firstId)
console.log(`all three say that ${firstId} is in charge`)
// Only voters count when somebody is lost.
for (const { id } of names) first.tell(`add ${id}`)
for (const { id } of names) await first.said(line => line.done === `add ${id}` || line.failed === `add ${id}`)

const { term = 0 } = await second.inCharge()
await first.end('SIGKILL')
console.log(`killed ${firstId}, which was in charge in term ${term}`)
const isAnother = (line: { leader?: string | null }): boolean =>
  typeof line.leader === 'string' && line.leader !== firstId
const next = await second.inCharge(isAnother)
const same = await third.inCharge(isAnother)
if (next.leader !== same.leader) throw new Error(`two in charge: ${next.leader} and ${same.leader}`)
console.log(`${next.leader} is in charge in term ${next.term}, which is later: ${(next.term ?? 0) > term}`)

const [chief, other] = next.isMe === true ? [second, third] : [third, second]
const { id: otherId } = await other.said(line => line.id !== undefined)
chief.tell(`remove ${firstId}`)
await chief.said(line => line.done === `remove ${firstId}`)
chief.tell(`remove ${otherId}`)
await chief.said(line => line.done === `remove ${otherId}`)
console.log(`removed ${otherId} by hand`)
chief.tell(`add ${otherId}`)
await chief.said(line => line.done === `add ${otherId}`)
console.log(`and let it in again, as a voter`)
await Promise.all([chief.end(), other.end()])
