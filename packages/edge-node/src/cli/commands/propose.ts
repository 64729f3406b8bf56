/** `flotilla propose`: a command, as a client that is no member: to a room by its link, or through the node of a data directory. */
import { Client } from '@flotilla/client'
import { ClusterError, type Codec, type StateMachine } from '@flotilla/cluster'
import type { Call, Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { forPrograms, shown } from '../shown-bytes.ts'
import { plain } from '../terminal.ts'
import { isLink, OUTSIDE, outside, timeoutOf } from './outside.ts'
import { ask } from './running-node.ts'

const bytes: Codec<Uint8Array> = { encode: value => value, decode: value => value.slice() }

/** Commands and results are the application's bytes; a state there is none of. */
const bytesOnly: StateMachine<Uint8Array, Uint8Array> = {
  command: bytes,
  result: bytes,
  apply: command => command,
  snapshot: () => new Uint8Array(),
  restore: () => undefined,
}

export const propose: Command = {
  name: 'propose',
  takes: '<room-link|data-dir> <command>',
  summary: 'proposes a command as a client that is not a member, in a session of its own',
  details: [
    'The command is what the application’s machine takes, as text in UTF-8 or with --hex. It is brought to whoever leads',
    'until it is committed and applied, and takes effect once. By a room’s link (in quotes) it is asked over the network,',
    'without a node here, and the result is printed; by a data directory through the node that runs on it.',
    'Ends with 1 if the application rejects it, 4 if no node answers, 5 if there is no answer in time: then it may still happen.',
  ].join('\n'),
  options: { ...OUTSIDE, hex: { type: 'boolean', help: 'the command is given in hexadecimal digits' } },
  run(call) {
    const [where = '', command = ''] = call.operands
    const given = commandBytes(command, call.flag('hex'))
    return isLink(where) ? proposeOutside(call, where, given) : proposeThroughNode(call, where, given)
  },
}

function commandBytes(command: string, isHex: boolean): Buffer {
  if (isHex && !/^(?:[0-9a-f]{2})*$/i.test(command)) {
    throw new CommandFailure(ExitCode.usage, '--hex wants pairs of hexadecimal digits')
  }
  return Buffer.from(command, isHex ? 'hex' : 'utf8')
}

async function proposeOutside(call: Call, link: string, command: Buffer): Promise<number> {
  const client = new Client({ machine: bytesOnly, copy: false })
  const { terminal } = call
  const { index, term, result } = await outside(call, link, client, within =>
    client.propose(Uint8Array.from(command), within),
  ).catch(error => {
    throw error instanceof ClusterError && error.kind === 'Rejected' ? rejection(error) : error
  })
  terminal.tell({ index, term, result: forPrograms(result) })
  const it = shown(result)
  terminal.say(it.kind === 'bytes' ? `(base64) ${it.base64}` : it.text.split('\n').map(plain).join('\n'))
  if (!terminal.isJson) terminal.complain(terminal.paint('dim', `committed as entry ${index} of term ${term}`))
  return ExitCode.done
}

/** The room cannot say whether the machine's codec threw or its `apply`: both reject the command, on every node alike. */
function rejection({ message }: ClusterError): CommandFailure {
  const thrown = message === '' ? '' : `: ${plain(message)}`
  return new CommandFailure(
    ExitCode.failed,
    `rejected: the application’s machine could not read the command, or refused it${thrown}`,
    'What its commands look like is the application’s to say. Those of Live and of stateProgram are in docs/command-line.md.',
  )
}

async function proposeThroughNode(call: Call, dataDir: string, command: Buffer): Promise<number> {
  const { terminal } = call
  const timeoutMs = timeoutOf(call)
  const base64 = command.toString('base64')
  const { index, term } = await ask(dataDir, {
    ask: 'propose',
    base64,
    ...(timeoutMs !== undefined && { timeoutMs }),
  })
  terminal.tell({ index, term })
  terminal.say(`committed as entry ${String(index)} of term ${String(term)}`)
  return ExitCode.done
}
