import { portConformance } from '@flotilla/client/conformance'
import { describe, it } from 'vitest'
import { broadcastPort } from './broadcast-port.ts'
import { broadcastChannel } from './surroundings.ts'

let name = 0

describe('a port over a BroadcastChannel conforms', () => {
  for (const { name: promise, run } of portConformance) {
    it(promise, () =>
      run({
        pair: async () => {
          const channel = `broadcast-port-${name++}`
          return [broadcastPort(broadcastChannel(channel), 'page'), broadcastPort(broadcastChannel(channel), 'node')]
        },
      }),
    )
  }
})
