import { ClusterError, manualClock, type NodeFailure, StorageError } from '@flotilla/cluster'
import { expect, test } from 'vitest'
import { Recovery, type Restartable } from './recovery.ts'

const clock = manualClock()

/** A node whose disk has failed, and what comes of each attempt to start it again. */
class FailedNode implements Restartable {
  failure: NodeFailure | undefined = 'QuotaExceeded'
  attempts = 0
  /** What the next attempts come to; `undefined`: it runs. */
  error: ClusterError | undefined = fullDisk()
  readonly #listeners = new Set<() => void>()

  status() {
    return { state: this.failure === undefined ? 'running' : 'failed', failure: this.failure } as const
  }

  on(_name: 'status', listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async restart(): Promise<void> {
    this.attempts += 1
    if (this.error !== undefined) throw this.error
    this.failure = undefined
    for (const listener of this.#listeners) listener()
  }
}

const fullDisk = (): ClusterError =>
  new ClusterError('StorageFailed', 'the database cannot be opened', {
    cause: new StorageError('QuotaExceeded', 'full'),
  })
const gone = (): ClusterError => new ClusterError('StorageFailed', 'the database is gone, or another tab drives it')

async function pass(ms: number): Promise<void> {
  for (const end = clock.now() + ms; clock.now() < end; ) {
    clock.advance(100)
    for (let i = 0; i < 5; i++) await Promise.resolve()
  }
}

test('a node runs within seconds of when its disk has room again, however long it was full', async () => {
  const node = new FailedNode()
  const recovery = new Recovery(node, () => expect.unreachable('it is not lost'), clock)
  await pass(600_000)
  node.error = undefined
  await pass(10_100)
  expect(node.failure).toBeUndefined()
  recovery.stop()
})

// It was looked for once a minute, because the disk had been full before, and was without a node for minutes.
test('a database that is deleted after its disk was full is given up within seconds', async () => {
  const node = new FailedNode()
  let lost = 0
  new Recovery(node, () => void lost++, clock)
  await pass(600_000)
  node.error = gone()
  await pass(12_000)
  expect(lost).toBe(1)
})

test('what comes back between two looks is not given up', async () => {
  const node = new FailedNode()
  const recovery = new Recovery(node, () => expect.unreachable('it is not lost'), clock)
  for (let i = 0; i < 10; i++) {
    node.error = gone()
    const { attempts } = node
    while (node.attempts < attempts + 2) await pass(100)
    node.error = fullDisk()
    while (node.attempts < attempts + 3) await pass(100)
  }
  recovery.stop()
})
