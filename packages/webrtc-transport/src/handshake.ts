/**
 * Who is at the other end of a channel. Signalling named a node, and its description named a certificate; whoever carried
 * the signals could have put in another of each. So before anything else each side proves that it holds the key that its
 * id is made of, by signing the certificates at both ends of this very channel and a nonce of each: a proof for one channel
 * is worth nothing on another.
 *
 *     introduction →   ← introduction      a nonce and the public key
 *            proof →   ← proof             the signature
 *            ready →   ← ready             "I have checked yours": from here on frames may come
 */
import type { NodeId } from '@flotilla/core'
import { type Control, NONCE_BYTES } from './control.ts'
import { importPublicKey, isIdOf, publicKeyOf, SIGNATURE } from './node-keys.ts'

/** What the two ends of a channel are known by: fingerprints of certificates, or the keys of a relayed connection. */
export interface Fingerprints {
  readonly ours: string
  readonly theirs: string
}

export interface HandshakeHost {
  readonly self: NodeId
  readonly peer: NodeId
  readonly keys: CryptoKeyPair
  /** What else both must agree on: the room. */
  readonly topic: string
  readonly fingerprints: Fingerprints
  send(control: Control): void
  /** It is the one it is said to be, and knows that we are. Once. @param key its public one */
  onProven(key: CryptoKey): void
  /** It is not, or cannot show it. Once, and instead. */
  onRefused(why: string): void
}

type Introduction = Extract<Control, { kind: 'introduction' }>

export class Handshake {
  readonly #host: HandshakeHost
  readonly #nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  readonly #introduced: Promise<void>
  #theirs: Introduction | undefined
  #proofTaken = false
  /** Theirs, once its proof is checked. */
  #checked: CryptoKey | undefined
  #ready = false
  #over = false

  constructor(host: HandshakeHost) {
    this.#host = host
    this.#introduced = publicKeyOf(host.keys).then(publicKey => {
      if (!this.#over) host.send({ kind: 'introduction', nonce: this.#nonce, publicKey })
    })
    this.#orRefuse(() => this.#introduced)
  }

  /** The next word of the other side. One that is out of turn ends the handshake. */
  receive(control: Control): void {
    if (this.#over) return
    switch (control.kind) {
      case 'introduction':
        if (this.#theirs !== undefined) return this.#refuse('introduced itself twice')
        this.#theirs = control
        return this.#orRefuse(() => this.#prove(control))
      case 'proof': {
        const { peer } = this.#host
        if (this.#theirs === undefined || this.#proofTaken) return this.#refuse('a proof out of turn')
        this.#proofTaken = true
        const { publicKey } = this.#theirs
        const introduction = this.#theirs
        return this.#orRefuse(async () => {
          const key = Uint8Array.from(publicKey)
          if (!(await isIdOf(peer, key))) return this.#refuse('its key is another node’s')
          const said = transcript(this.#host, { by: 'them', ours: this.#nonce, theirs: introduction.nonce })
          const signature = Uint8Array.from(control.signature)
          const imported = await importPublicKey(key)
          const valid = await crypto.subtle.verify(SIGNATURE, imported, signature, said)
          if (!valid) return this.#refuse('its signature is not over this channel')
          if (this.#over) return
          this.#host.send({ kind: 'ready' })
          this.#checked = imported
          this.#look()
        })
      }
      case 'ready':
        if (this.#ready) return this.#refuse('ready twice')
        this.#ready = true
        return this.#look()
      case 'bye':
      case 'wanted':
      case 'signal':
      case 'carry':
      case 'carried':
      case 'cannotCarry':
      case 'moved':
      case 'arrived':
        return this.#refuse('spoke before it had shown who it is')
      default:
        return control satisfies never
    }
  }

  /** The channel is gone. */
  stop(): void {
    this.#over = true
  }

  async #prove({ nonce }: Introduction): Promise<void> {
    const said = transcript(this.#host, { by: 'us', ours: this.#nonce, theirs: nonce })
    const signature = new Uint8Array(await crypto.subtle.sign(SIGNATURE, this.#host.keys.privateKey, said))
    // A busy machine may sign sooner than it exports a key, and the other side takes nothing out of turn.
    await this.#introduced
    if (!this.#over) this.#host.send({ kind: 'proof', signature })
  }

  #look(): void {
    if (this.#checked === undefined || !this.#ready || this.#over) return
    this.#over = true
    this.#host.onProven(this.#checked)
  }

  #refuse(why: string): void {
    if (this.#over) return
    this.#over = true
    this.#host.onRefused(why)
  }

  #orRefuse(step: () => Promise<void>): void {
    step().catch(() => this.#refuse('its key or its proof is none'))
  }
}

/** What is signed: the signer's side first, so that a proof sent back to its signer proves nothing. */
function transcript(
  { self, peer, topic, fingerprints }: HandshakeHost,
  { by, ours, theirs }: { readonly by: 'us' | 'them'; readonly ours: Uint8Array; readonly theirs: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const hex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  const us = [self, fingerprints.ours, hex(ours)]
  const them = [peer, fingerprints.theirs, hex(theirs)]
  const sides = by === 'us' ? [us, them] : [them, us]
  // JSON, because it is clear where each part ends.
  return new TextEncoder().encode(JSON.stringify(['flotilla handshake v1', topic, ...sides]))
}
