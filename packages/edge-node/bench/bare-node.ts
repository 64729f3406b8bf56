/**
 * What a commit cannot do without, and nothing else: a disk that each write is flushed to before it resolves, and data channels to the others. A message is a kind
 * and a number, and as long as an entry of the bench is on the wire.
 */
import wrtc from '@roamhq/wrtc'
import { open } from 'lmdb'

/** `ask`: for an exchange, from who does not lead. */
const KINDS = ['ping', 'write', 'ask', 'answer'] as const
type Kind = (typeof KINDS)[number]

const MESSAGE_BYTES = 140

export class BareNode {
  readonly #disk
  readonly #channels: RTCDataChannel[] = []
  readonly #connections: RTCPeerConnection[] = []
  readonly #awaited = new Map<number, () => void>()
  #written = 0
  #sent = 0

  constructor(folder: string) {
    this.#disk = open<Buffer, number>({ path: folder, encoding: 'binary', cache: false, overlappingSync: false })
  }

  write(): Promise<boolean> {
    this.#written += 1
    return this.#disk.put(this.#written, Buffer.alloc(MESSAGE_BYTES))
  }

  /** A message and its answer. */
  ping(): Promise<void> {
    return this.#send(this.#channel(0), 'ping')
  }

  /** As a leader's commit of a room of `voters`: messages to the others, a write at each and here, until a majority has written, and we have. */
  async exchange(voters: number): Promise<void> {
    const others = this.#channels.slice(0, voters - 1)
    const written = Promise.any(others.map(channel => this.#send(channel, 'write')))
    await Promise.all([written, this.write()])
  }

  /** As `exchange` of two, and our own write does not begin before the answer is here. */
  async exchangeInTurn(): Promise<void> {
    await this.write()
    await this.#send(this.#channel(0), 'write')
  }

  /** As a follower's: a message to who leads, the exchange there, and its answer. */
  ask(voters: number): Promise<void> {
    return this.#send(this.#channel(0), 'ask', voters)
  }

  /** The first half of a connection, for another's `accept`. */
  async offer(): Promise<string> {
    const connection = this.#connect()
    await connection.setLocalDescription(await connection.createOffer())
    return described(connection)
  }

  async accept(sdp: string): Promise<string> {
    const connection = this.#connect()
    await connection.setRemoteDescription({ type: 'offer', sdp })
    await connection.setLocalDescription(await connection.createAnswer())
    return described(connection)
  }

  /** Resolves when the channel of the last `offer` is open. */
  async accepted(sdp: string): Promise<void> {
    const channel = this.#channel(this.#channels.length - 1)
    const opened = new Promise(resolve => {
      channel.onopen = resolve
    })
    await this.#connections.at(-1)?.setRemoteDescription({ type: 'answer', sdp })
    if (channel.readyState !== 'open') await opened
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }

  #connect(): RTCPeerConnection {
    const connection = new wrtc.RTCPeerConnection()
    const channel = connection.createDataChannel('bench', { negotiated: true, id: 1 })
    channel.binaryType = 'arraybuffer'
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => void this.#receive(channel, new DataView(data))
    this.#connections.push(connection)
    this.#channels.push(channel)
    return connection
  }

  #channel(place: number): RTCDataChannel {
    const channel = this.#channels[place]
    if (channel === undefined) throw new Error('not connected')
    return channel
  }

  #send(channel: RTCDataChannel, kind: Kind, voters = 0): Promise<void> {
    this.#sent += 1
    const number = this.#sent
    const answered = new Promise<void>(resolve => this.#awaited.set(number, resolve))
    channel.send(message(kind, number, voters))
    return answered
  }

  async #receive(channel: RTCDataChannel, received: DataView): Promise<void> {
    const number = received.getUint32(4)
    switch (KINDS[received.getUint8(0)]) {
      case 'answer':
        this.#awaited.get(number)?.()
        this.#awaited.delete(number)
        return
      case 'write':
        await this.write()
        break
      case 'ask':
        await this.exchange(received.getUint8(1))
        break
      default:
    }
    channel.send(message('answer', number, 0))
  }
}

function message(kind: Kind, number: number, voters: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(MESSAGE_BYTES))
  view.setUint8(0, KINDS.indexOf(kind))
  view.setUint8(1, voters)
  view.setUint32(4, number)
  return view.buffer
}

/** With all of its addresses in it, so that nothing follows. */
async function described(connection: RTCPeerConnection): Promise<string> {
  if (connection.iceGatheringState !== 'complete') {
    await new Promise<void>(resolve => {
      connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve()
    })
  }
  return connection.localDescription?.sdp ?? ''
}
