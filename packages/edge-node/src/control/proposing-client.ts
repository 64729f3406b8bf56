/**
 * A client that is no member: it has a session of its own in the room, so that a command takes effect once however often it has to be
 * brought. One at a time is all that an operator needs.
 */
import { type Cluster, ClusterError, encodeEnvelope, MAX_COMMAND_BYTES, type ProposeAnswer } from '@flotilla/cluster'

type Forwarding = Pick<Cluster<never, never>, 'forward'>

const ANSWER_WITHIN_MS = 10_000
const AGAIN_AFTER_MS = 100

export class ProposingClient {
  readonly #node: Forwarding
  #session: number | undefined
  #sequence = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(node: Forwarding) {
    this.#node = node
  }

  /** Rejects with `Timeout` (it may still take effect), `SessionExpired` (nobody can say), `Overloaded` or `TooLarge`. */
  propose(
    command: Uint8Array,
    withinMs: number = ANSWER_WITHIN_MS,
  ): Promise<{ readonly index: number; readonly term: number }> {
    const turn = this.#turn.then(() => this.#propose(command, withinMs))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #propose(command: Uint8Array, withinMs: number): Promise<{ readonly index: number; readonly term: number }> {
    if (command.byteLength > MAX_COMMAND_BYTES) {
      throw new ClusterError('TooLarge', `a command has at most ${MAX_COMMAND_BYTES} bytes, not ${command.byteLength}`)
    }
    const until = performance.now() + withinMs
    this.#session ??= (await this.#bring(encodeEnvelope({ kind: 'open' }), until)).index
    const sequence = ++this.#sequence
    try {
      const envelope = {
        kind: 'command',
        session: this.#session,
        sequence,
        firstUnanswered: sequence,
        command,
      } as const
      return await this.#bring(encodeEnvelope(envelope), until)
    } catch (error) {
      // The next one begins a session of its own: in this one something is open.
      this.#session = undefined
      this.#sequence = 0
      throw error
    }
  }

  /** Over and over, until it is known what became of it. */
  async #bring(entry: Uint8Array, until: number): Promise<{ readonly index: number; readonly term: number }> {
    while (performance.now() < until) {
      const answer = await this.#forward(entry, until - performance.now())
      if (answer?.kind === 'applied') return { index: answer.index, term: answer.term }
      // A carrier does not know what it came to; where it stands is all that is asked for.
      if (answer?.kind === 'unknown' && answer.at !== undefined) return answer.at
      if (answer?.kind === 'sessionExpired') {
        throw new ClusterError(
          'SessionExpired',
          'the session ended meanwhile: nobody can say what became of the command',
        )
      }
      await new Promise(resolve => setTimeout(resolve, AGAIN_AFTER_MS))
    }
    throw new ClusterError('Timeout', 'no answer in time: the command may still take effect')
  }

  #forward(entry: Uint8Array, withinMs: number): Promise<ProposeAnswer | undefined> {
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        stop()
        resolve(undefined)
      }, withinMs)
      const stop = this.#node.forward(entry, answer => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
  }
}
