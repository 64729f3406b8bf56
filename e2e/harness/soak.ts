/**
 * A tab of a soak: as soon as it is told who it is it writes and reads without end, and keeps what it did and what it was told until somebody
 * fetches it.
 */
import { type BrowserNode, type NodeProgram, noFaults, openNode, type WatchedNode } from '@flotilla/browser-node'
import { ClusterError } from '@flotilla/cluster'
import { type BankState, operationOf, RegisterBank, type RegisterEffect, type RegisterWrite } from './register-bank.ts'
import type { WorkerOrder } from './soak.worker.ts'

/** `at`: by this page's own clock. */
export type TabEvent =
  | { readonly kind: 'write'; readonly operation: number; readonly key: number; readonly at: number }
  /** On disk, in the outbox. */
  | { readonly kind: 'saved'; readonly operation: number }
  | {
      readonly kind: 'written'
      readonly operation: number
      readonly at: number
      readonly index: number
      readonly term: number
      readonly previous: number
    }
  /** It never takes effect. */
  | { readonly kind: 'refused'; readonly operation: number; readonly why: string }
  /** Nobody can say. */
  | { readonly kind: 'unsure'; readonly operation: number; readonly why: string }
  | {
      readonly kind: 'read'
      readonly key: number
      readonly value: number
      readonly asked: number
      readonly at: number
    }
  | { readonly kind: 'trouble'; readonly why: string }

export interface Taken {
  readonly now: number
  readonly events: readonly TabEvent[]
  readonly effects: readonly RegisterEffect[]
  readonly drives: string | undefined
  readonly status: ReturnType<BrowserNode<RegisterWrite, number>['client']['status']>
}

export interface SoakTab {
  /** Two writers, of which the even one writes through the outbox. */
  begin(evenWriter: number, generation: number): void
  /** Also tells which registers are in use. */
  take(generation: number): Taken
  /** Writes and reads no more. */
  rest(): void
  waiting(): number
  lost(): readonly number[]
  state(): BankState
  lastApplied(): number
  block(ms: number): void
  /** As with the cable pulled, from now on or no more; for the node of this tab, if it drives one. */
  cut(isCut: boolean): void
  order(order: WorkerOrder['order']): void
}

declare global {
  interface Window {
    soak?: SoakTab
  }
}

/** In use at a time. */
const REGISTERS = 4
/** Written and not answered, by one tab. */
const MAX_OPEN = 6
const PAUSE_MS = 150

const asked = new URLSearchParams(location.hash.slice(1))
const workerName = crypto.randomUUID()
let events: TabEvent[] = []
let effects: RegisterEffect[] = []
const program: NodeProgram<RegisterWrite, number, RegisterBank> = {
  machine: () => new RegisterBank(effect => effects.push(effect)),
}
let watched: WatchedNode | undefined
const node = await openNode({
  room: asked.get('room') ?? 'soak',
  secret: asked.get('secret') ?? '',
  signalingUrls: asked.getAll('signaling'),
  program,
  // Often, so that snapshots are part of every bad day, and the log is not what grows.
  raft: { snapshotThresholdEntries: 500 },
  worker: () => new Worker(new URL('./soak.worker.ts', import.meta.url), { type: 'module', name: workerName }),
  onTrouble: ({ message }) => events.push({ kind: 'trouble', why: message }),
  watcher: {
    faults: noFaults,
    onTrace: () => {},
    watch: node => {
      watched = node
    },
  },
})
const { client, machine, outbox } = node
const orders = new BroadcastChannel('soak-orders')
let generation = 0
let rests = false

window.soak = {
  begin(evenWriter, current) {
    generation = current
    void keepSaving(evenWriter)
    void keepProposing(evenWriter + 1)
    void keepReading()
  },
  take(current) {
    generation = current
    const taken = { now: performance.now(), events, effects, drives: node.drives, status: client.status() }
    events = []
    effects = []
    return taken
  },
  rest() {
    rests = true
  },
  waiting: () => outbox.waiting().length,
  lost: () => outbox.lost().flatMap(({ command }) => (command === undefined ? [] : [operationOf(command)])),
  state: () => machine.state(),
  lastApplied: () => client.status()?.lastApplied ?? 0,
  block(ms) {
    for (const end = performance.now() + ms; performance.now() < end; );
  },
  cut: isCut => watched?.setFaults({ ...noFaults, offline: isCut }),
  order: order => orders.postMessage({ to: workerName, order } satisfies WorkerOrder),
}

async function keepSaving(writer: number): Promise<void> {
  let open = 0
  for (let number = 1; !rests; number++) {
    const { operation, key } = begun({ writer, number, key: someKey() })
    const { saved, committed } = outbox.submit({ writer, number, key })
    open += 1
    committed
      .then(
        told => written(operation, told),
        () => {},
      )
      .finally(() => {
        open -= 1
      })
    try {
      await saved
      events.push({ kind: 'saved', operation })
      committed.catch((error: unknown) => events.push({ kind: 'unsure', operation, why: kindOf(error) }))
    } catch (error) {
      events.push({ kind: 'refused', operation, why: kindOf(error) })
    }
    do await pause()
    while (open >= MAX_OPEN && !rests)
  }
}

async function keepProposing(writer: number): Promise<void> {
  for (let number = 1; !rests; number++) {
    const { operation, key } = begun({ writer, number, key: someKey() })
    try {
      written(operation, await client.propose({ writer, number, key }))
    } catch (error) {
      events.push({ kind: 'unsure', operation, why: kindOf(error) })
    }
    await pause(4)
  }
}

async function keepReading(): Promise<void> {
  while (!rests) {
    const key = someKey()
    const asked = performance.now()
    try {
      const value = await client.read(() => machine.get(key))
      if (value !== undefined) events.push({ kind: 'read', key, value, asked, at: performance.now() })
    } catch {
      // It was told nothing, so nothing can be wrong with it.
    }
    await pause()
  }
}

function begun(write: RegisterWrite): { readonly operation: number; readonly key: number } {
  const operation = operationOf(write)
  events.push({ kind: 'write', operation, key: write.key, at: performance.now() })
  return { operation, key: write.key }
}

function written(operation: number, told: { readonly index: number; readonly term: number; readonly result: number }) {
  const { index, term, result: previous } = told
  events.push({ kind: 'written', operation, at: performance.now(), index, term, previous })
}

const someKey = (): number => generation * REGISTERS + Math.floor(Math.random() * REGISTERS)

/** Half of the time to twice as long. */
const pause = (times = 1): Promise<void> =>
  new Promise(done => setTimeout(done, PAUSE_MS * times * (0.5 + Math.random() * 1.5)))

const kindOf = (error: unknown): string => (error instanceof ClusterError ? error.kind : String(error))
