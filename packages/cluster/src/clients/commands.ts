/** An application's commands on their way out, and what they came to on the way back. */
import { ClusterError, type Committed, type ThrownError } from '../api.ts'
import { isBytes } from '../bytes.ts'
import type { StateMachine } from '../machine.ts'
import { MAX_COMMAND_BYTES } from '../wire/command.ts'
import { decodeOutcome } from './outcome.ts'
import type { RememberedAnswer } from './sessions.ts'

export class Commands<Command, Result> {
  readonly #machine: Pick<StateMachine<Command, Result>, 'command' | 'result'>

  constructor(machine: Pick<StateMachine<Command, Result>, 'command' | 'result'>) {
    this.#machine = machine
  }

  /** Bytes of our own. @throws ClusterError `InvalidCommand` or `TooLarge`. */
  encode(command: Command): Uint8Array {
    let bytes: unknown
    try {
      bytes = this.#machine.command.encode(command)
    } catch (cause) {
      throw new ClusterError('InvalidCommand', 'the command cannot be encoded', { cause })
    }
    if (!isBytes(bytes)) throw new ClusterError('InvalidCommand', 'the codec of commands gives no Uint8Array')
    if (bytes.byteLength > MAX_COMMAND_BYTES) {
      throw new ClusterError('TooLarge', `${bytes.byteLength} bytes are more than ${MAX_COMMAND_BYTES}`)
    }
    return Uint8Array.from(bytes)
  }

  /** @throws ClusterError `Rejected` or `ResultLost`. */
  committed({ index, term, result }: RememberedAnswer): Committed<Result> {
    const outcome = decodeOutcome(result)
    switch (outcome?.kind) {
      case 'taken':
        return { index, term, result: this.#decode(outcome.result) }
      case 'rejected': {
        const { thrown } = outcome
        throw new ClusterError('Rejected', inWords(thrown), { thrown })
      }
      case 'forgotten':
        throw new ClusterError('ResultLost', 'the command took effect; its result was too long to be kept until now')
      case undefined:
        throw new ClusterError('ResultLost', 'the command took effect; the answer makes no sense')
      default:
        return outcome satisfies never
    }
  }

  /** Whether the machine refused it. */
  isRejected({ result }: RememberedAnswer): boolean {
    return decodeOutcome(result)?.kind === 'rejected'
  }

  #decode(result: Uint8Array): Result {
    try {
      return this.#machine.result.decode(result)
    } catch (cause) {
      throw new ClusterError('ResultLost', 'the command took effect; its result cannot be decoded', { cause })
    }
  }
}

function inWords({ name, message }: ThrownError): string {
  if (name === '' || (name === 'Error' && message !== '')) return message
  return message === '' ? name : `${name}: ${message}`
}
