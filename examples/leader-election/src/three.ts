/** `npm start`: three processes elect one of them, lose it to `kill -9`, elect another, and remove one and add it by hand. */
import { Candidate } from './process.ts'

const first = new Candidate()
const { ticket = '' } = await first.said(line => line.ticket !== undefined)
console.log(`the room is made; who wants to take part needs the ticket ${ticket}`)
const all = [first, new Candidate(ticket), new Candidate(ticket)]
const ids = new Map<Candidate, string>()
for (const each of all) ids.set(each, (await each.said(line => line.id !== undefined)).id ?? '')
const before = await agreed(all)
console.log(`all three say that ${before.id} is in charge`)
// Whom a majority can do without must vote; they do so by themselves, and sooner if told.
for (const id of ids.values()) {
  before.chief.tell(`add ${id}`)
  await before.chief.said(line => [line.done, line.failed].includes(`add ${id}`))
}

const chief = await agreed(all)
await chief.chief.end('SIGKILL')
console.log(`killed ${chief.id}, which was in charge in term ${chief.term}`)
const rest = all.filter(each => each !== chief.chief)
const next = await agreed(rest, chief.id)
console.log(`${next.id} is in charge in term ${next.term}, which is later: ${next.term > chief.term}`)

const other = ids.get(rest.find(each => each !== next.chief) ?? first) ?? ''
for (const order of [`remove ${chief.id}`, `remove ${other}`, `add ${other}`]) {
  next.chief.tell(order)
  await next.chief.said(line => line.done === order)
  console.log(`by hand: ${order}`)
}
await Promise.all(rest.map(each => each.end()))

/** Waits until all of them say that the same one is in charge, in the same term, and it does, too. */
async function agreed(candidates: readonly Candidate[], not?: string) {
  for (;;) {
    const said = candidates.map(each => each.inCharge)
    const chief = candidates.find(each => each.inCharge?.isMe)
    const { leader, term = 0 } = chief?.inCharge ?? {}
    const isSame = said.every(line => line?.leader === leader && line?.term === term)
    if (chief !== undefined && typeof leader === 'string' && isSame && leader !== not)
      return { chief, id: leader, term }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
