/** For tests: a room with a secret, whose signalling server carries bytes too, and does with them whatever a test wants. */
import { type NodeIdentity, newNodeIdentity } from './node-keys.ts'
import { Relay } from './relay.ts'
import { deriveRelayKeys, newRelayKeyPair, type RelayKeyPair } from './relay-keys.ts'
import { decodeRelayed, encodeRelayed, nonceOf } from './relayed-message.ts'
import { type Tab, VirtualRoom } from './room-in-virtual-time.ts'
import { deriveRoomKeys, newRoomSecret, type RoomKeys } from './room-secret.ts'
import { decodeSignal, encodeSignal } from './signal.ts'

export interface Carried {
  readonly from: string
  readonly to: string
  readonly message: Uint8Array<ArrayBuffer>
}

export interface RelayedTab extends Tab {
  readonly relay: Relay
  /** `+b relayed`, `+b`, `-b`, as they were told. */
  readonly peers: string[]
}

export class RelayedRoom {
  readonly time = new VirtualRoom()
  readonly tabs: RelayedTab[] = []
  /** All that the server was given to carry. */
  readonly carried: Carried[] = []
  carriedBytes = 0
  /** Whether it takes anything. */
  carries = true
  relayLatencyMs = 5
  /** What it brings instead of a message. By itself it is honest. */
  treat: (told: Carried) => readonly Carried[] = told => [told]
  /** It brings nothing, and keeps it. */
  holds = false
  readonly #held: Carried[] = []

  static async of(count: number, { standsBetween = false } = {}): Promise<RelayedRoom> {
    const room = new RelayedRoom()
    const keys = await deriveRoomKeys('quiet-otter-42', newRoomSecret())
    const identities = await Promise.all(Array.from({ length: count }, newNodeIdentity))
    for (const identity of identities) room.#enter(identity, keys)
    if (standsBetween) room.#standBetween(new Middle(keys.topic))
    return room
  }

  letGo(): void {
    this.holds = false
    for (const told of this.#held.splice(0)) this.bring(told)
  }

  bring({ to, message }: Carried): void {
    this.time.clock.setTimer(this.time.now + this.relayLatencyMs, () => {
      const tab = this.tabs.find(({ id }) => id === to)
      if (tab !== undefined && !tab.isGone()) tab.relay.receive(message)
    })
  }

  #standBetween(middle: Middle): void {
    this.time.alters = text => middle.alter(text)
    let before: Promise<unknown> = Promise.resolve()
    this.treat = told => {
      before = before.then(async () => this.bring(await middle.carry(told)))
      return []
    }
  }

  #enter({ nodeId, keys }: NodeIdentity, { topic }: RoomKeys): void {
    const server = {
      kind: 'server' as const,
      carry: (message: Uint8Array<ArrayBuffer>, to: string): boolean => {
        if (!this.carries || tab.isGone()) return false
        const told = { from: nodeId, to, message }
        this.carriedBytes += message.byteLength
        for (const each of this.treat(told)) {
          if (this.holds) this.#held.push(each)
          else this.bring(each)
        }
        this.carried.push(told)
        return true
      },
    }
    const peers: string[] = []
    const relay = new Relay({
      topic: () => topic,
      clock: this.time.clock,
      carriersTo: peer => [...(this.carries ? [server] : []), ...tab.mesh.carriersTo(peer)],
    })
    const tab: Tab = this.time.open(nodeId, false, {
      credentials: { self: nodeId, keys, topic: () => topic },
      relayTo: relay.wayTo,
      onPeer: (peer, up, relayed) => peers.push(`${up ? '+' : '-'}${peer}${relayed ? ' relayed' : ''}`),
      onCarried: message => {
        relay.receive(message)
      },
      onCannotCarry: name => relay.cannotCarry(name),
    })
    this.tabs.push({ ...tab, relay, peers })
    this.time.passesOn = true
    tab.mesh.announce()
  }
}

/** Puts keys of its own into every offer of a relayed connection and its answer, and carries between the two sides. */
class Middle {
  readonly #topic: string
  readonly #offers = new Map<string, { readonly towardsAnswerer: RelayKeyPair; readonly offerersKey: string }>()
  /** By connection and addressee: what opens the other's messages, and what seals them for it. */
  readonly #ways = new Map<string, { readonly opening: CryptoKey; readonly sealing: CryptoKey }>()

  constructor(topic: string) {
    this.#topic = topic
  }

  async alter(text: string): Promise<string> {
    const signal = decodeSignal(text)
    if (signal === undefined || !('key' in signal)) return text
    const { from, to, link, key } = signal
    const own = await newRelayKeyPair()
    if (signal.type === 'relayOffer') this.#offers.set(link, { towardsAnswerer: own, offerersKey: key })
    const offer = this.#offers.get(link)
    if (signal.type === 'relayAnswer' && offer !== undefined) {
      const context = [this.#topic, link]
      const answerer = await deriveRelayKeys(offer.towardsAnswerer, key, true, context)
      const offerer = await deriveRelayKeys(own, offer.offerersKey, false, context)
      this.#ways.set(`${link} ${from}`, { opening: offerer.opening, sealing: answerer.sealing })
      this.#ways.set(`${link} ${to}`, { opening: answerer.opening, sealing: offerer.sealing })
    }
    return encodeSignal({ ...signal, key: own.publicKey })
  }

  async carry(told: Carried): Promise<Carried> {
    const { name = '', number = 0, sealed = new Uint8Array() } = decodeRelayed(told.message) ?? {}
    let way = this.#ways.get(`${name} ${told.to}`)
    while (way === undefined) {
      await new Promise(resolve => setTimeout(resolve, 0))
      way = this.#ways.get(`${name} ${told.to}`)
    }
    const parameters = { name: 'AES-GCM', iv: nonceOf(number) }
    const plain = await crypto.subtle.decrypt(parameters, way.opening, sealed)
    const again = new Uint8Array(await crypto.subtle.encrypt(parameters, way.sealing, plain))
    return { ...told, message: encodeRelayed(name, number, again) }
  }
}
