/** `flotilla read`: a room's state, as a client that is no member. */
import { StateReader } from '@flotilla/client'
import type { Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { forPrograms, shown } from '../shown-bytes.ts'
import { plain } from '../terminal.ts'
import { OUTSIDE, outside } from './outside.ts'

export const read: Command = {
  name: 'read',
  takes: '<room-link> [pointer]',
  summary: 'reads a room’s state as a client that is not a member',
  details: [
    'The state is what the application’s machine gives as its snapshot, which for most is JSON; a pointer (RFC 6901, such as',
    '/members/0/name) prints one value of it. It sees every write that was acknowledged before, unless --local says that what',
    'the node that is asked has will do. Ends with 1 if there is no such value, 4 if no node answers, 5 if there was no answer in time.',
  ].join('\n'),
  options: {
    ...OUTSIDE,
    local: { type: 'boolean', help: 'whatever the node that is asked has, without asking a majority' },
  },
  async run(call) {
    const { operands, flag, terminal } = call
    const [link = '', pointer] = operands
    const reader = new StateReader()
    const consistency = flag('local') ? 'local' : 'linearizable'
    const { index, bytes } = await outside(call, link, reader, within => reader.read({ ...within, consistency }))
    if (pointer !== undefined) {
      const value = valueAt(bytes, pointer)
      terminal.tell({ index, value })
      terminal.say(plain(typeof value === 'string' ? value : JSON.stringify(value)))
      return ExitCode.done
    }
    terminal.tell({ index, state: forPrograms(bytes) })
    const it = shown(bytes)
    terminal.say(it.kind === 'bytes' ? `(base64) ${it.base64}` : it.text.split('\n').map(plain).join('\n'))
    return ExitCode.done
  },
}

function valueAt(bytes: Uint8Array, pointer: string): unknown {
  const it = shown(bytes)
  if (it.kind !== 'json')
    throw new CommandFailure(ExitCode.failed, 'the state is no JSON that a pointer could lead into')
  if (pointer !== '' && !pointer.startsWith('/'))
    throw new CommandFailure(ExitCode.usage, 'a pointer begins with /, as in /members/0/name')
  let value: unknown = it.value
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    const inside: object | undefined = typeof value === 'object' && value !== null ? value : undefined
    if (inside === undefined || !Object.hasOwn(inside, name))
      throw new CommandFailure(ExitCode.failed, `there is nothing at ${plain(pointer)}`)
    value = Reflect.get(inside, name)
  }
  return value
}
