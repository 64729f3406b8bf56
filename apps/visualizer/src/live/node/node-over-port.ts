/**
 * In a page: the node of its worker (`serve-node.ts`). The worker may end without a word, or never answer again. Then it is ended for
 * good, its peers are told, and another takes its place, with the same disk: as if the node had crashed, and started again.
 */
import { Pulse } from '@flotilla/browser-node/off-the-page'
import { type Clock, ClusterError } from '@flotilla/cluster'
import type { NodeId } from '@flotilla/core'
import type { Consistency } from '../../store/live-store.ts'
import type { Change, LiveNode, LiveRoom, NodeControls, Tell, Told, Written } from './live-node.ts'
import type { Answer, FromNode, MessagesEnd, Question, ToNode } from './messages.ts'
import { failureOf, toldFailure } from './told-failure.ts'

/** A worker that has its code, and waits to be told what to open. */
export interface NodesPlace {
  readonly worker: MessagesEnd<ToNode>
  readonly connections: MessagePort
  end(): void
}

export interface PortHost {
  readonly clock: Clock
  readonly tell: Tell
  /** Starts another worker; `undefined` if it cannot be started now. */
  another(): Promise<NodesPlace | undefined>
}

export class NodeOverPort implements LiveNode {
  readonly opened: Promise<void>
  readonly #host: PortHost
  readonly #pulse: Pulse
  readonly #asked = new Map<number, (answer: Answer) => void>()
  #room: LiveRoom
  /** None while another worker starts. */
  #place: NodesPlace | undefined
  #wasOpen = false
  #nextId = 1
  #open = (): void => {}
  #fail: (cause: Error) => void = () => {}

  constructor(room: LiveRoom, place: NodesPlace, host: PortHost) {
    this.#room = room
    this.#host = host
    this.opened = new Promise((resolve, reject) => {
      this.#open = resolve
      this.#fail = reject
    })
    this.opened.catch(() => {})
    this.#pulse = new Pulse({
      clock: host.clock,
      ask: () => this.post({ kind: 'alive?' }),
      silent: () => void this.#replace(),
    })
    this.#settle(place)
    this.#pulse.askAgainAndAgain()
  }

  async set(key: string, value: string, timeoutMs: number): Promise<Written> {
    const answer = await this.#ask({ kind: 'set', key, value, timeoutMs })
    if (answer.kind !== 'written') throw unlike('set', answer)
    return answer.written
  }

  async get(key: string, consistency: Consistency, timeoutMs: number): Promise<string | undefined> {
    const answer = await this.#ask({ kind: 'get', key, consistency, timeoutMs })
    if (answer.kind !== 'value') throw unlike('get', answer)
    return answer.value
  }

  async change(change: Change): Promise<void> {
    await this.#ask(change)
  }

  observe(payload: Uint8Array, to?: NodeId): void {
    this.post({ kind: 'observe', payload, to })
  }

  setControls(controls: NodeControls): void {
    this.#room = { ...this.#room, controls }
    this.post({ kind: 'controls', controls })
  }

  crash(): void {
    this.post({ kind: 'crash' })
  }

  post(message: ToNode): void {
    this.#place?.worker.postMessage(message)
  }

  #ask(question: Question): Promise<Exclude<Answer, { readonly kind: 'refused' }>> {
    if (this.#place === undefined) return Promise.reject(gone())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#asked.set(id, answer => {
        if (answer.kind === 'refused') reject(failureOf(answer.failure))
        else resolve(answer)
      })
      this.post({ kind: 'ask', id, question })
    })
  }

  #hear(said: FromNode): void {
    this.#pulse.heard()
    switch (said.kind) {
      case 'ready':
      case 'alive':
        return
      case 'opened':
        this.#wasOpen = true
        return this.#open()
      case 'failed':
        this.#fail(failureOf(said.failure))
        // It ran before: it is tried again, as one that does not start.
        if (this.#wasOpen) this.#leave()
        return
      case 'told':
        for (const told of said.told) {
          this.#keepInMind(told)
          this.#host.tell(told)
        }
        return this.post({ kind: 'read' })
      case 'answer':
        return this.#settleQuestion(said.id, said.answer)
      default:
        said satisfies never
    }
  }

  /** Another worker, should there be one, opens the room as it is by then. */
  #keepInMind(told: Told): void {
    if (told.kind === 'identity') this.#room = { ...this.#room, preferredNode: told.id }
    const key = told.kind === 'status' ? told.status.key : undefined
    if (key !== undefined) this.#room = { ...this.#room, key }
  }

  #settleQuestion(id: number, answer: Answer): void {
    const settle = this.#asked.get(id)
    this.#asked.delete(id)
    settle?.(answer)
  }

  // ---- Its place ------------------------------------------------------------------------------------------------------

  #settle(place: NodesPlace): void {
    const { worker, connections } = place
    this.#place = place
    this.#pulse.begin()
    worker.onmessage = ({ data }: MessageEvent<FromNode>) => {
      if (place === this.#place) this.#hear(data)
    }
    worker.postMessage({ kind: 'open', room: this.#room, connections }, [connections])
  }

  /** It is asked for again as long as there is none. */
  async #replace(): Promise<void> {
    this.#leave()
    const place = await this.#host.another()
    if (place === undefined) return
    if (this.#place === undefined) this.#settle(place)
    else place.end()
  }

  #leave(): void {
    this.#place?.end()
    this.#place = undefined
    this.#pulse.begin()
    const failure = toldFailure(gone())
    for (const id of [...this.#asked.keys()]) this.#settleQuestion(id, { kind: 'refused', failure })
  }
}

const gone = (): ClusterError => new ClusterError('Crashed', 'the node’s worker did not answer any more')

const unlike = (asked: string, { kind }: Answer): Error => new Error(`asked to ${asked}, the node answered ${kind}`)
