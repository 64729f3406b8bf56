/** What somebody needs to join: the name of the room, and where others of it listen. `kv@10.0.0.1:4001,10.0.0.2:4001` */
export interface Ticket {
  readonly room: string
  readonly addresses: readonly string[]
}

export function writeTicket({ room, addresses }: Ticket): string {
  return `${room}@${addresses.join(',')}`
}

export function readTicket(text: string): Ticket {
  const [, room, addresses] = /^([A-Za-z0-9_-]{1,64})@([A-Za-z0-9.-]+:\d+(?:,[A-Za-z0-9.-]+:\d+)*)$/.exec(text) ?? []
  if (room === undefined || addresses === undefined) throw new Error(`not a ticket such as kv@10.0.0.1:4001: ${text}`)
  return { room, addresses: addresses.split(',') }
}
