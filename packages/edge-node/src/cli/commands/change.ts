/** Commands that change a room through a running node: `transfer`, `add`, `remove`, `propose`. */
import type { Call, Command, Option } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { ask, idOf, roomOf } from './running-node.ts'

const LATE = 'Ends with 5 if there is no answer in time: then it may still happen.'

const WAITING = {
  timeout: { type: 'string', value: '<seconds>', help: 'how long to wait for an answer (10)' },
} as const satisfies Readonly<Record<string, Option>>

function within({ text }: Call): { readonly timeoutMs?: number } {
  const given = text('timeout')
  if (given === undefined) return {}
  const seconds = Number(given)
  if (seconds > 0 && seconds <= 3_600) return { timeoutMs: seconds * 1_000 }
  throw new CommandFailure(ExitCode.usage, `--timeout must be a number of seconds up to 3600, not ${given}`)
}

export const transfer: Command = {
  name: 'transfer',
  takes: '<data-dir> [member]',
  summary: 'hands leadership to a member, or to whoever is placed best',
  details: `A member is named by its id or by the name that the room gave it. ${LATE}`,
  options: WAITING,
  async run(call) {
    const {
      operands: [dataDir = '', member],
      terminal,
    } = call
    const { status } = await roomOf(dataDir)
    await ask(dataDir, { ask: 'transfer', ...within(call), ...(member !== undefined && { to: idOf(status, member) }) })
    terminal.tell({ done: true })
    terminal.say('handed over')
    return ExitCode.done
  },
}

export const add: Command = {
  name: 'add',
  takes: '<data-dir> <member>',
  summary: 'lets a node in, also one that was removed',
  details: `It learns until it has caught up, and then votes. ${LATE}`,
  options: { ...WAITING, learner: { type: 'boolean', help: 'it only learns, and does not vote' } },
  async run(call) {
    const {
      operands: [dataDir = '', member = ''],
      flag,
      terminal,
    } = call
    const { status } = await roomOf(dataDir)
    await ask(dataDir, {
      ask: 'add',
      ...within(call),
      id: idOf(status, member),
      as: flag('learner') ? 'learner' : 'voter',
    })
    terminal.tell({ done: true })
    terminal.say(`added ${member}`)
    return ExitCode.done
  },
}

export const remove: Command = {
  name: 'remove',
  takes: '<data-dir> <member>',
  summary: 'removes a node and keeps it out, running or not, until it is added',
  details: `The room gets another key, which the one that was removed does not learn. ${LATE}`,
  options: WAITING,
  async run(call) {
    const {
      operands: [dataDir = '', member = ''],
      terminal,
    } = call
    const { status } = await roomOf(dataDir)
    await ask(dataDir, { ask: 'remove', ...within(call), id: idOf(status, member) })
    terminal.tell({ done: true })
    terminal.say(`removed ${member}`)
    return ExitCode.done
  },
}

export const propose: Command = {
  name: 'propose',
  takes: '<data-dir> <command>',
  summary: 'proposes a command as a client that is not a member, in a session of its own',
  details: [
    'The command is what the application’s machine takes, as text in UTF-8 or with --hex. It is brought to whoever leads',
    `until it is committed and applied, and takes effect once. ${LATE}`,
  ].join('\n'),
  options: { ...WAITING, hex: { type: 'boolean', help: 'the command is given in hexadecimal digits' } },
  async run(call) {
    const {
      operands: [dataDir = '', command = ''],
      flag,
      terminal,
    } = call
    const base64 = Buffer.from(command, flag('hex') ? 'hex' : 'utf8').toString('base64')
    const { index, term } = await ask(dataDir, { ask: 'propose', ...within(call), base64 })
    terminal.tell({ index, term })
    terminal.say(`committed as entry ${String(index)} of term ${String(term)}`)
    return ExitCode.done
  },
}
