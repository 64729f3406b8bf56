/** Reads and writes of this tab's node. The console awaits their answers; the page is shown what becomes of them. */
import { refusalOf } from '../machine/invalid-write.ts'
import {
  type Consistency,
  type LiveActions,
  type LiveState,
  type LiveStore,
  MAX_SHOWN_WRITES,
  type WriteFate,
} from '../store/live-store.ts'
import type { Flotilla } from './console-api.ts'
import type { LiveNode, Written } from './node/live-node.ts'
import { problemOf } from './problems.ts'

interface RequestsHost {
  readonly store: LiveStore
  /** The node, once it is open; rejects when it could not be. */
  opened(): Promise<Pick<LiveNode, 'set' | 'get'>>
  pace(): number
}

export class Requests implements Pick<Flotilla, 'set' | 'get'>, Pick<LiveActions, 'write' | 'read'> {
  readonly #host: RequestsHost
  #writes = 0

  constructor(host: RequestsHost) {
    this.#host = host
  }

  async set(key: string, value: string): Promise<Written> {
    const refusal = refusalOf(key, value)
    if (refusal) throw refusal
    const node = await this.#host.opened()
    return node.set(key, value, this.#patience())
  }

  async get(
    key: string,
    { consistency = 'linearizable' }: { readonly consistency?: Consistency } = {},
  ): Promise<string | undefined> {
    const node = await this.#host.opened()
    return node.get(key, consistency, this.#patience())
  }

  write(key: string, value: string): void {
    const { store } = this.#host
    const id = ++this.#writes
    store.setState(({ writes }) => ({
      writes: [{ id, key, value, fate: { kind: 'sending' } as const }, ...writes].slice(0, MAX_SHOWN_WRITES),
    }))
    const settle = (fate: WriteFate) =>
      store.setState(({ writes }) => ({
        writes: writes.map(write => (write.id === id ? { ...write, fate } : write)),
      }))
    this.set(key, value).then(
      ({ index, term }) => settle({ kind: 'committed', index, term }),
      (cause: unknown) => {
        const { kind: error, problem } = problemOf(cause)
        settle({ kind: 'failed', error, problem })
      },
    )
  }

  read(key: string, consistency: Consistency): void {
    const { store } = this.#host
    const asking = { kind: 'asking', key, consistency } as const
    store.setState({ read: asking })
    const answer = (read: LiveState['read']) => {
      // A later question has taken the place of this one.
      if (store.getState().read === asking) store.setState({ read })
    }
    this.get(key, { consistency }).then(
      value => answer({ kind: 'answered', key, consistency, value }),
      (cause: unknown) => answer({ kind: 'failed', key, consistency, problem: problemOf(cause).problem }),
    )
  }

  /** How long to wait for an answer, on the node's clock: not ten minutes of slow motion, and no less than an election. */
  #patience(): number {
    return Math.max(3_000, 10_000 / this.#host.pace())
  }
}
