import { connect } from 'node:net'
import { transportConformance } from '@flotilla/cluster/conformance'
import { describe, expect, it } from 'vitest'
import { tcpTransport } from './tcp-transport.ts'

/** One address book for each room, as if everybody had met already. */
const books = new Map<string, Set<string>>()

function transport(room: string) {
  const book = books.get(room) ?? new Set()
  books.set(room, book)
  return tcpTransport(room, { book })
}

describe('a transport on TCP', () => {
  for (const { name, run } of transportConformance) it(name, () => run({ transport }))

  it('hears of the others from the one whose address it was given', async () => {
    const nodes = ['a', 'b', 'c'].map(id => ({ id, book: new Set<string>() }))
    const open = nodes.map(({ book }) => tcpTransport('gossip', { book }))
    const told = { onFrame: () => {}, onPeer: () => {} }
    await open[0]?.open('a', told)
    for (const [i, node] of nodes.entries()) {
      if (i === 0) continue
      node.book.add([...(nodes[0]?.book ?? [])][0] ?? '')
      await open[i]?.open(node.id, told)
    }
    await expect.poll(() => open.map(each => each.peers().length)).toEqual([2, 2, 2])
    await Promise.all(open.map(each => each.close()))
  })

  it('ends a connection on which nobody says hello, or that declares more than a frame can hold', async () => {
    const book = new Set<string>()
    const listening = tcpTransport('strangers', { book })
    await listening.open('a', { onFrame: () => {}, onPeer: () => {} })
    const port = Number([...book][0]?.split(':')[1])
    for (const bytes of [
      [0, 0, 0, 2, 123, 125],
      [255, 255, 255, 255],
    ]) {
      await new Promise(resolve => {
        const socket = connect(port, '127.0.0.1', () => socket.write(Uint8Array.from(bytes)))
        socket
          .resume()
          .on('end', () => socket.end())
          .on('close', resolve)
          .on('error', () => {})
      })
    }
    expect(listening.peers()).toEqual([])
    await listening.close()
  })
})
