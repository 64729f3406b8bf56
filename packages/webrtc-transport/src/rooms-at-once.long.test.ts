/**
 * Real nodes of several devices that open a fresh room at once, in virtual time: they meet first, words between them take their
 * time or are lost, one of them may go in the middle, and what comes of it is one cluster.
 */
import {
  type Cluster,
  type ClusterStatus,
  manualClock,
  memoryDevice,
  memoryNetwork,
  openCluster,
} from '@flotilla/cluster'
import { expect, it } from 'vitest'
import { type Decision, Meeting } from './meeting.ts'
import { decodeMeeting, encodeMeeting } from './meeting-signal.ts'

const STEP_MS = 5
const LIMIT_MS = 120_000

/** Chance, as a seed has it. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

class Devices {
  readonly clock = manualClock()
  readonly random: () => number
  readonly open = new Map<string, Cluster<never, never>>()
  readonly #network = memoryNetwork()
  readonly #hear = new Map<string, (text: string) => void>()
  readonly #loss: number

  constructor(seed: number, loss: number) {
    this.random = dice(seed)
    this.#loss = loss
  }

  /** A device opens the room; `signal` is its tab going away. */
  begin(name: string, signal?: AbortSignal): void {
    const device = memoryDevice()
    openCluster<never, never>({
      room: 'class',
      storage: room => device.storage(room),
      transport: room => this.#network.transport(room),
      machine: nothing,
      clock: this.clock,
      random: this.random,
      openTimeoutMs: LIMIT_MS,
      meet: abort => this.#meet(name, abort),
      ...(signal && { signal }),
    }).then(
      cluster => {
        this.open.set(name, cluster)
        this.#answerAs(`node of ${name}`, cluster)
      },
      (error: unknown) => {
        if (signal?.aborted !== true) throw error
      },
    )
  }

  async until(isSo: () => boolean): Promise<void> {
    for (const end = this.clock.now() + LIMIT_MS; !isSo(); ) {
      if (this.clock.now() >= end) throw new Error(`not within ${LIMIT_MS} ms`)
      this.clock.advance(STEP_MS)
      await new Promise(resolve => setTimeout(resolve, 0))
    }
  }

  status(): readonly ClusterStatus[] {
    return [...this.open.values()].map(cluster => cluster.status())
  }

  #meet(name: string, abort: AbortSignal): Promise<Decision> {
    return new Promise((resolve, reject) => {
      const over = (): void => void this.#hear.delete(name)
      const bus = {
        canTellWhoIsPresent: true,
        present: async () => [...this.#hear.keys()].filter(other => other !== name),
        send: (text: string, to?: string) => this.#say(name, text, to),
      }
      let meeting: Meeting | undefined
      this.#hear.set(name, text => meeting?.receive(text))
      abort.addEventListener('abort', () => {
        meeting?.stop()
        over()
        reject(abort.reason)
      })
      meeting = new Meeting({ self: name, bus, clock: this.clock, decided: resolve, over, replaced: () => undefined })
    })
  }

  #answerAs(name: string, cluster: Cluster<never, never>): void {
    this.#hear.set(name, text => {
      const asked = decodeMeeting(text)
      if (asked?.step !== 'fresh' && asked?.step !== 'claim') return
      const step = cluster.status().clusterId === undefined ? 'waiting' : 'here'
      this.#say(name, encodeMeeting({ from: name, step }), asked.from)
    })
  }

  #say(from: string, text: string, to: string | undefined): void {
    for (const other of [...this.#hear.keys()]) {
      if (other === from || (to !== undefined && to !== other) || this.random() < this.#loss) continue
      this.clock.setTimer(this.clock.now() + 1 + this.random() * 150, () => this.#hear.get(other)?.(text))
    }
  }
}

const nothing = {
  command: { encode: () => new Uint8Array(), decode: () => never() },
  result: { encode: () => new Uint8Array(), decode: () => never() },
  apply: () => never(),
  snapshot: () => new Uint8Array(),
  restore: () => undefined,
}

function never(): never {
  throw new Error('nobody commands anything here')
}

/** Everybody that has opened is a member of the one cluster, and follows its leader. */
function areOne(devices: Devices, count: number): boolean {
  const known = devices.status()
  const [first] = known
  return (
    known.length === count &&
    known.every(
      ({ clusterId, leader, members }) =>
        clusterId !== undefined && clusterId === first?.clusterId && leader !== undefined && members.length >= count,
    )
  )
}

it.each([
  [2, 0],
  [2, 0.3],
  [5, 0.1],
  [12, 0],
])(
  '%i devices that open a fresh room at once make one cluster, twenty times; of their words %d are lost',
  {
    timeout: 120_000,
  },
  async (count, loss) => {
    for (let seed = 1; seed <= 20; seed++) {
      const devices = new Devices(seed, loss)
      for (let i = 0; i < count; i++) devices.begin(`d${i}`)
      await devices.until(() => areOne(devices, count))
      expect(
        devices.status().flatMap(({ strangers }) => strangers),
        `seed ${seed}`,
      ).toEqual([])
      await Promise.all([...devices.open.values()].map(cluster => cluster.close()))
    }
  },
)

it('one of three goes while they decide, whenever that is, and the others make one cluster all the same', {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const devices = new Devices(seed, 0.1)
    const gone = new AbortController()
    devices.begin('d0', gone.signal)
    devices.begin('d1')
    devices.begin('d2')
    devices.clock.setTimer(devices.random() * 600, () => {
      if (!devices.open.has('d0')) gone.abort()
    })
    await devices.until(() => areOne(devices, gone.signal.aborted ? 2 : 3))
    expect(
      devices.status().flatMap(({ strangers }) => strangers),
      `seed ${seed}`,
    ).toEqual([])
    await Promise.all([...devices.open.values()].map(cluster => cluster.close()))
  }
})
