/** What a node is told by those whom it reaches, and by those whom it does not. */
import { describe, expect, it } from 'vitest'
import type { LinkEffects } from '../links/links.ts'
import { manualClock } from '../time/manual-clock.ts'
import type { TransportHandler } from '../transport.ts'
import { Connection } from './connection.ts'

const deaf: LinkEffects = {
  isAlive: () => true,
  hears: () => true,
  tells: () => true,
  believes: () => 'taken',
  onMessage: () => undefined,
  onClientFrame: () => undefined,
  wasOurs: () => false,
  onLeftBehind: () => undefined,
  onObserve: () => undefined,
  onAdopted: () => undefined,
  onStrangers: () => undefined,
  onIgnored: () => undefined,
  trace: () => undefined,
}

async function connected() {
  const surroundings: { hasLeader: boolean; handler: TransportHandler | undefined } = {
    hasLeader: false,
    handler: undefined,
  }
  const connection = new Connection({
    self: 'a',
    newTransport: () => ({
      open: async (_, handler) => {
        surroundings.handler = handler
      },
      close: async () => undefined,
      peers: () => [],
      send: () => undefined,
    }),
    keys: undefined,
    clock: manualClock(),
    faults: undefined,
    tracing: () => false,
    clusterId: () => undefined,
    effects: deaf,
    hasLeader: () => surroundings.hasLeader,
    onPeer: () => undefined,
    onMoved: () => undefined,
    onBye: () => undefined,
    changed: () => undefined,
  })
  await connection.open()
  return { connection, surroundings }
}

describe('a node that is told that its key is not the room’s any more', () => {
  // Two nodes with the old link, one of them removed, were linked to one another, and neither was told for as long as that held.
  it.each(['before', 'after'])('believes it, though it was linked to somebody %s that', async order => {
    const { connection, surroundings } = await connected()
    if (order === 'before') surroundings.handler?.onPeer('another outcast', true)
    surroundings.handler?.onKeyReplaced?.()
    if (order === 'after') surroundings.handler?.onPeer('another outcast', true)
    expect(connection.failure).toBe('KeyReplaced')
  })

  it('does not believe it while it knows of a leader, and no longer when it does', async () => {
    const { connection, surroundings } = await connected()
    surroundings.hasLeader = true
    surroundings.handler?.onKeyReplaced?.()
    expect(connection.failure).toBeUndefined()
    surroundings.hasLeader = false
    surroundings.handler?.onKeyReplaced?.()
    expect(connection.failure).toBe('KeyReplaced')
    connection.leaderKnown()
    expect(connection.failure).toBeUndefined()
  })
})
