/** A page that is no member of the room that it asks; and the ports' suite over its data channels, with both ends of a case in this one page. */
import { Client, openRemote } from '@flotilla/client'
import { portConformance, portsOverTransports } from '@flotilla/client/conformance'
import { newClientIdentity, newNodeIdentity, newRoomSecret, webRtc } from '@flotilla/webrtc-transport'
import { Lines } from './lines-program.ts'

interface OutsidePage {
  enter(room: string): Promise<void>
  write(line: string): Promise<number | undefined>
  read(): Promise<readonly string[] | undefined>
  /** The node that is asked. */
  node(): string | undefined
}

declare global {
  interface Window {
    outside?: OutsidePage
  }
}

const machine = new Lines()
const client = new Client<string, number>({ machine })
let remote: Awaited<ReturnType<typeof openRemote>> | undefined

/** Until somebody else leads, and however busy the machine is. */
const patient = { timeoutMs: 300_000 }

window.outside = {
  async enter(room) {
    remote = await openRemote(client, { transport: webRtc()(room), identity: await newClientIdentity() })
  },
  write: async line => (await client.propose(line, patient)).result,
  read: () => client.read(() => [...machine.lines], patient),
  node: () => remote?.node,
}

window.conformance = {
  cases: portConformance.map(({ name }) => name),
  async run(name) {
    const found = portConformance.find(each => each.name === name)
    if (found === undefined) throw new Error(`there is no case “${name}”`)
    await found.run({
      pair: async () => {
        const room = `ports-${crypto.randomUUID()}`
        const secret = newRoomSecret()
        const site = { transport: webRtc({ secret })(room), identity: await newClientIdentity() }
        return portsOverTransports(site, { transport: webRtc({ secret })(room), identity: await newNodeIdentity() })
      },
    })
  },
}
