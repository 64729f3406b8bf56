/** What an operator may ask of a running node, and what it answers: one JSON text each. */
import { type Cluster, ClusterError, type ClusterErrorKind, type ClusterStatus } from '@flotilla/cluster'
import { ProposingClient } from './proposing-client.ts'

export type Request = Asked & { readonly timeoutMs?: number }

type Asked =
  | { readonly ask: 'status' }
  | { readonly ask: 'transfer'; readonly to?: string }
  | { readonly ask: 'add'; readonly id: string; readonly as: 'voter' | 'learner' }
  | { readonly ask: 'remove'; readonly id: string }
  | { readonly ask: 'recover'; readonly abandon: readonly string[] }
  | { readonly ask: 'propose'; readonly base64: string }
  | { readonly ask: 'snapshot' }

const MAX_TIMEOUT_MS = 60 * 60_000

export interface Refused {
  readonly refused: { readonly kind: ClusterErrorKind | 'BadRequest'; readonly message: string }
}

export interface StatusAnswer {
  readonly room: string
  readonly status: ClusterStatus
}

export interface ProposedAnswer {
  readonly index: number
  readonly term: number
}

/** A bare node's operator needs no types of commands: what is proposed are bytes. */
export type Operated = Pick<
  Cluster<never, never>,
  'status' | 'room' | 'transferLeadership' | 'addMember' | 'removeMember' | 'forceNewCluster' | 'forward' | 'compact'
>

/** Answers requests for this node. What is refused is an answer, too. */
export class ControlDesk {
  readonly #cluster: Operated
  readonly #client: ProposingClient

  constructor(cluster: Operated) {
    this.#cluster = cluster
    this.#client = new ProposingClient(cluster)
  }

  async answer(text: string): Promise<object> {
    try {
      return await this.#do(readRequest(text))
    } catch (error) {
      if (error instanceof ClusterError) return refused(error.kind, error.message)
      return refused('BadRequest', error instanceof Error ? error.message : String(error))
    }
  }

  async #do(request: Request): Promise<StatusAnswer | ProposedAnswer | object> {
    const cluster = this.#cluster
    const within = request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }
    switch (request.ask) {
      case 'status':
        return { room: cluster.room, status: cluster.status() }
      case 'transfer':
        await cluster.transferLeadership(request.to, within)
        return {}
      case 'add':
        await cluster.addMember(request.id, request.as, within)
        return {}
      case 'remove':
        await cluster.removeMember(request.id, within)
        return {}
      case 'recover':
        await cluster.forceNewCluster({ abandon: request.abandon })
        return {}
      case 'snapshot':
        return { index: cluster.compact() }
      case 'propose':
        return this.#client.propose(Uint8Array.from(Buffer.from(request.base64, 'base64')), request.timeoutMs)
      default:
        return request satisfies never
    }
  }
}

const refused = (kind: Refused['refused']['kind'], message: string): Refused => ({ refused: { kind, message } })

function readRequest(text: string): Request {
  const { timeoutMs, ...asked }: Readonly<Record<string, unknown>> = Object(JSON.parse(text))
  const request = readAsked(asked)
  if (timeoutMs === undefined) return request
  if (typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS) return { ...request, timeoutMs }
  throw new Error(`“timeoutMs” is no time from 0 to ${MAX_TIMEOUT_MS} ms`)
}

function readAsked({ ask, to, id, as, abandon, base64 }: Readonly<Record<string, unknown>>): Asked {
  switch (ask) {
    case 'status':
    case 'snapshot':
      return { ask }
    case 'transfer':
      return { ask, ...(to !== undefined && { to: word(to, 'to') }) }
    case 'add':
      return { ask, id: word(id, 'id'), as: as === 'learner' ? as : 'voter' }
    case 'remove':
      return { ask, id: word(id, 'id') }
    case 'recover':
      if (!Array.isArray(abandon)) throw new Error('“abandon” is no list')
      return { ask, abandon: abandon.map(id => word(id, 'abandon')) }
    case 'propose':
      return { ask, base64: word(base64, 'base64') }
    default:
      throw new Error(`nobody can ask for “${String(ask)}”`)
  }
}

function word(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new Error(`“${name}” is no text`)
}
