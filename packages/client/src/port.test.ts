import { describe, expect, it } from 'vitest'
import { portConformance } from './conformance/port.ts'
import { memoryPorts } from './fixtures/memory-ports.ts'
import { messagePort } from './port.ts'

const subjects = {
  'a MessageChannel': () => {
    const { port1, port2 } = new MessageChannel()
    return [messagePort(port1), messagePort(port2)] as const
  },
  'ports in memory': () => memoryPorts(),
}

for (const [name, pair] of Object.entries(subjects)) {
  describe(name, () => {
    for (const { name: promise, run } of portConformance) it(promise, () => run({ pair: async () => pair() }))
  })
}

describe('a message port', () => {
  it('passes over whatever else is posted to it', async () => {
    const { port1, port2 } = new MessageChannel()
    const heard: number[] = []
    const port = messagePort(port2)
    port.open(({ byteLength }) => void heard.push(byteLength))
    for (const junk of [
      'text',
      7,
      null,
      undefined,
      { byteLength: 3 },
      new Uint8Array(3),
      new ArrayBuffer(2 ** 20 + 1),
      [],
      ['text', [new ArrayBuffer(3)], new ArrayBuffer(2 ** 20 + 1)],
    ]) {
      port1.postMessage(junk)
    }
    port1.postMessage(new ArrayBuffer(5))
    await expect.poll(() => heard).toEqual([5])
    port.close()
    port1.close()
  })

  it('posts what is sent in one turn at once, and also what was sent before it was closed', async () => {
    const { port1, port2 } = new MessageChannel()
    const posted: unknown[] = []
    port2.onmessage = ({ data }) => void posted.push(Array.isArray(data) ? data.length : 1)
    const port = messagePort(port1)
    for (let i = 0; i < 3; i++) port.send(Uint8Array.of(i))
    await expect.poll(() => posted).toEqual([3])
    port.send(Uint8Array.of(3))
    port.close()
    port.send(Uint8Array.of(4))
    await expect.poll(() => posted).toEqual([3, 1])
    port2.close()
  })
})
