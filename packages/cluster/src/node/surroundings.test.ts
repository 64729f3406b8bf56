import { afterEach, describe, expect, it, vi } from 'vitest'
import { Chronicle } from '../fixtures/room.ts'
import { memoryDevice } from '../memory/memory-storage.ts'
import { memoryNetwork } from '../memory/memory-transport.ts'
import { openCluster } from './open.ts'

/** A page as far as a node sees one. */
function stubPage() {
  const window = new EventTarget()
  const workers: StubWorker[] = []
  class StubWorker {
    isTerminated = false
    onmessage = null
    onerror = null
    constructor() {
      workers.push(this)
    }
    postMessage(): void {}
    terminate(): void {
      this.isTerminated = true
    }
  }
  vi.stubGlobal('window', window)
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('Worker', StubWorker)
  return { window, workers }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a node that is opened in a page', () => {
  // Only electLeader did so; whoever forgot it had a room that stood still whenever a leader's tab was closed or hidden.
  it('says goodbye when the page closes and has timers that a hidden page does not slow, without being asked', async () => {
    const { window, workers } = stubPage()
    const network = memoryNetwork()
    const heard: Uint8Array[] = []
    const watcher = network.transport('room')
    await watcher.open('watcher', { onFrame: (_, frame) => void heard.push(frame), onPeer: () => {} })
    const device = memoryDevice()
    const cluster = await openCluster({
      room: 'room',
      storage: room => device.storage(room),
      transport: room => network.transport(room),
      machine: new Chronicle(),
    })
    await vi.waitFor(() => expect(cluster.peers()).toEqual(['watcher']))
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0))
    const before = heard.length
    window.dispatchEvent(new Event('pagehide'))
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before))
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false])

    await cluster.close()
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true])
    const after = heard.length
    window.dispatchEvent(new Event('pagehide'))
    expect(heard).toHaveLength(after)
    await watcher.close()
  })

  it('leaves nothing ticking behind when it cannot be opened', async () => {
    const { workers } = stubPage()
    const device = memoryDevice()
    device.failNextWrite('QuotaExceeded')
    const network = memoryNetwork()
    const opening = openCluster({
      room: 'room',
      storage: room => device.storage(room),
      transport: room => network.transport(room),
      machine: new Chronicle(),
    })
    await expect(opening).rejects.toMatchObject({ kind: 'StorageFailed' })
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true])
  })
})
