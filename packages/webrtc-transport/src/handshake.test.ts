import { describe, expect, it, vi } from 'vitest'
import type { Control } from './control.ts'
import { fingerprintIn } from './fingerprint.ts'
import { Handshake, type HandshakeHost } from './handshake.ts'
import { type NodeIdentity, newNodeIdentity } from './node-keys.ts'

interface Side {
  readonly handshake: Handshake
  readonly outcome: Promise<string>
}

type Alter = (control: Control) => Control | readonly Control[]

const asItIs: Alter = control => control

/** Both sides over a channel that a stranger may alter on the way to the second. */
function shake(
  a: NodeIdentity,
  b: NodeIdentity,
  hosts: { a?: Partial<HandshakeHost>; b?: Partial<HandshakeHost> } = {},
  alter = asItIs,
) {
  const side = (own: NodeIdentity, other: NodeIdentity, send: (control: Control) => void, more: object): Side => {
    let end: (outcome: string) => void = () => {}
    const outcome = new Promise<string>(resolve => {
      end = resolve
    })
    const handshake = new Handshake({
      self: own.nodeId,
      peer: other.nodeId,
      keys: own.keys,
      topic: 'topic',
      fingerprints: own === a ? { ours: 'at a', theirs: 'at b' } : { ours: 'at b', theirs: 'at a' },
      send,
      onProven: () => end('proven'),
      onRefused: why => end(why),
      ...more,
    })
    return { handshake, outcome }
  }
  const first: Side = side(
    a,
    b,
    control => {
      for (const each of [alter(control)].flat()) second.handshake.receive(each)
    },
    hosts.a ?? {},
  )
  const second: Side = side(b, a, control => first.handshake.receive(control), hosts.b ?? {})
  return { first, second }
}

describe('the handshake', () => {
  it('lets two prove to each other who they are', async () => {
    const [a, b] = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    const { first, second } = shake(a, b)
    expect(await Promise.all([first.outcome, second.outcome])).toEqual(['proven', 'proven'])
  })

  it('did not introduce itself after its proof, and pass for an impostor, where exporting a key took long', async () => {
    const [a, b] = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    const { exportKey, sign } = crypto.subtle
    let signed: () => void = () => {}
    const firstSigned = new Promise<void>(resolve => {
      signed = resolve
    })
    // The first to introduce itself can do so only once it has signed.
    vi.spyOn(crypto.subtle, 'exportKey').mockImplementationOnce(async (...given) => {
      await firstSigned
      return Reflect.apply(exportKey, crypto.subtle, given)
    })
    vi.spyOn(crypto.subtle, 'sign').mockImplementation(async (...given) => {
      const signature = await Reflect.apply(sign, crypto.subtle, given)
      setTimeout(signed)
      return signature
    })
    const { first, second } = shake(a, b)
    for (const side of [second, first]) expect(await side.outcome).toBe('proven')
  })

  it('refuses a channel whose ends do not see the same certificates: somebody is in between', async () => {
    const [a, b] = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    const { second } = shake(a, b, { b: { fingerprints: { ours: 'at b', theirs: 'in between' } } })
    expect(await second.outcome).toBe('its signature is not over this channel')
  })

  it('refuses another room, and another id than the key’s', async () => {
    const [a, b, c] = await Promise.all([newNodeIdentity(), newNodeIdentity(), newNodeIdentity()])
    expect(await shake(a, b, { a: { topic: 'another' } }).second.outcome).toBe('its signature is not over this channel')
    expect(await shake({ ...a, nodeId: c.nodeId }, b).second.outcome).toBe('its key is another node’s')
  })

  it('refuses a proof that was made by another key', async () => {
    const [a, b, c] = await Promise.all([newNodeIdentity(), newNodeIdentity(), newNodeIdentity()])
    const keys = { publicKey: a.keys.publicKey, privateKey: c.keys.privateKey }
    expect(await shake({ ...a, keys }, b).second.outcome).toBe('its signature is not over this channel')
  })

  it('refuses a proof of another channel, and its own sent back', async () => {
    const [a, b] = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    const proofs: Control[] = []
    const keep: Alter = control => {
      if (control.kind === 'proof') proofs.push(control)
      return control
    }
    const before = shake(a, b, {}, keep)
    await Promise.all([before.first.outcome, before.second.outcome])
    const replay: Alter = control => (control.kind === 'proof' ? (proofs[0] ?? control) : control)
    expect(await shake(a, b, {}, replay).second.outcome).toBe('its signature is not over this channel')

    let own: Control[] = []
    const mirror = new Handshake({
      self: b.nodeId,
      peer: b.nodeId,
      keys: b.keys,
      topic: 'topic',
      fingerprints: { ours: 'at b', theirs: 'at a' },
      send: control => void own.push(control),
      onProven: () => {
        throw new Error('proven to itself')
      },
      onRefused: () => {},
    })
    for (let i = 0; i < 20; i += 1) {
      const said = own
      own = []
      for (const control of said) mirror.receive(control)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
  })

  it.each<[string, Alter]>([
    ['an introduction twice', control => (control.kind === 'introduction' ? [control, control] : control)],
    ['a proof before the introduction', control => [{ kind: 'proof', signature: new Uint8Array(64) }, control]],
    ['a signal', control => [{ kind: 'signal', passedOn: false, to: undefined, text: 'x' }, control]],
    ['a bye', control => [{ kind: 'bye' }, control]],
    [
      'a key that is no point of the curve',
      control => (control.kind === 'introduction' ? { ...control, publicKey: new Uint8Array(65).fill(4) } : control),
    ],
    [
      'a signature of zeros',
      control => (control.kind === 'proof' ? { kind: 'proof', signature: new Uint8Array(64) } : control),
    ],
  ])('refuses %s', async (_, alter) => {
    const [a, b] = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    expect(await shake(a, b, {}, alter).second.outcome).not.toBe('proven')
  })

  it('readiness that is said too early proves nothing', async () => {
    const [a, b] = await Promise.all([newNodeIdentity(), newNodeIdentity()])
    const early: Alter = control =>
      control.kind === 'introduction' ? [{ kind: 'ready' }, control] : control.kind === 'proof' ? [] : control
    const { first, second: waiting } = shake(a, b, {}, early)
    let outcome: string | undefined
    void waiting.outcome.then(end => {
      outcome = end
    })
    // The other side is as far as it comes: it has checked our proof, and says that it is ready once more.
    await expect.poll(() => outcome).toBe('ready twice')
    first.handshake.stop()
  })
})

describe('the certificate in a description', () => {
  const line = 'a=fingerprint:sha-256 AB:CD:01\r\n'
  it('is read whichever way it is written, and counts once', () => {
    expect(fingerprintIn(`v=0\r\n${line}`)).toBe('sha-256 ab:cd:01')
    expect(
      fingerprintIn(`v=0\r\n${line}m=application\r\n${line.toUpperCase().replace('A=FINGERPRINT', 'a=fingerprint')}`),
    ).toBe('sha-256 ab:cd:01')
  })

  it('is none where there are several, none at all, or one by a weak hash', () => {
    for (const sdp of [
      undefined,
      '',
      'v=0\r\n',
      `${line}a=fingerprint:sha-256 AB:CD:02\r\n`,
      'a=fingerprint:md5 AB:CD\r\n',
      'a=fingerprint:sha-1 AB:CD\r\n',
      'b=a=fingerprint:sha-256 AB:CD\r\n',
    ])
      expect(fingerprintIn(sdp)).toBeUndefined()
  })
})
