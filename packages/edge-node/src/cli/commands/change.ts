/** Commands that ask a running node for a change of the room: `transfer`, `add`, `remove`, and `snapshot` of its own log. */
import type { Request } from '../../control/control.ts'
import type { Call, Command, Option } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { timeoutOf } from './outside.ts'
import { ask, idOf, roomOf } from './running-node.ts'

const LATE = 'Ends with 5 if there is no answer in time: then it may still happen.'

const WAITING = {
  timeout: { type: 'string', value: '<seconds>', help: 'how long to wait for an answer (10)' },
} as const satisfies Readonly<Record<string, Option>>

interface Change extends Pick<Command, 'name' | 'takes' | 'summary' | 'details'> {
  readonly options?: Command['options']
  /** @param member by its id, if one was named */
  request(member: string | undefined, call: Call): Request
  done(named: string | undefined): string
}

function change({ options = {}, details, request, done, ...named }: Change): Command {
  return {
    ...named,
    details: `${details} ${LATE}`,
    options: { ...WAITING, ...options },
    async run(call) {
      const [dataDir = '', member] = call.operands
      const timeoutMs = timeoutOf(call)
      const id = member === undefined ? undefined : idOf((await roomOf(dataDir)).status, member)
      await ask(dataDir, { ...request(id, call), ...(timeoutMs !== undefined && { timeoutMs }) })
      call.terminal.tell({ done: true })
      call.terminal.say(done(member))
      return ExitCode.done
    },
  }
}

export const transfer = change({
  name: 'transfer',
  takes: '<data-dir> [member]',
  summary: 'hands leadership to a member, or to whoever is placed best',
  details: 'A member is named by its id or by the name that the room gave it.',
  request: to => ({ ask: 'transfer', ...(to !== undefined && { to }) }),
  done: () => 'handed over',
})

export const add = change({
  name: 'add',
  takes: '<data-dir> <member>',
  summary: 'lets a node in, also one that was removed',
  details: 'It learns until it has caught up, and then votes.',
  options: { learner: { type: 'boolean', help: 'it only learns, and does not vote' } },
  request: (id = '', { flag }) => ({ ask: 'add', id, as: flag('learner') ? 'learner' : 'voter' }),
  done: member => `added ${member}`,
})

export const remove = change({
  name: 'remove',
  takes: '<data-dir> <member>',
  summary: 'removes a node and keeps it out, running or not, until it is added',
  details: 'The room gets another key, which the one that was removed does not learn.',
  request: (id = '') => ({ ask: 'remove', id }),
  done: member => `removed ${member}`,
})

export const snapshot: Command = {
  name: 'snapshot',
  takes: '<data-dir>',
  summary: 'has a running node take a snapshot now, in place of the log up to there',
  details: [
    'A node does so by itself at 10,000 entries or 16 MiB. It needs the application’s machine (flotilla serve --machine): a node that',
    'only carries the room keeps its whole log, and refuses. Only this node’s disk is concerned; flotilla export writes a file.',
  ].join('\n'),
  options: {},
  async run({ operands: [dataDir = ''], terminal }) {
    const { index } = await ask(dataDir, { ask: 'snapshot' })
    if (typeof index !== 'number') throw new CommandFailure(ExitCode.failed, 'the node may be of another version')
    terminal.tell({ index })
    terminal.say(`snapshot taken at entry ${index}`)
    return ExitCode.done
  },
}
