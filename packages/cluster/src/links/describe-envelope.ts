/** What a command entry says, in few words, for traces. */
import type { StateMachine } from '../machine.ts'
import { disown } from '../tell.ts'
import { decodeEnvelope } from '../wire/command.ts'
import type { HouseRuleChange } from '../wire/house-rules.ts'

/** What an application says of a command is cut after so many UTF-16 units: it travels to every watcher. */
const MAX_DESCRIPTION_LENGTH = 200

export function describeEnvelope<Command, Result>(
  data: Uint8Array,
  machine: StateMachine<Command, Result>,
  describe: ((command: Command) => string) | undefined,
): string {
  const decoded = decodeEnvelope(data)
  if (!decoded.ok) return `not a command: ${decoded.error.kind}`
  const envelope = decoded.value
  switch (envelope.kind) {
    case 'open':
      return 'open a session'
    case 'expire':
      return `end ${envelope.sessions.length} idle sessions`
    case 'amend':
      return describeRule(envelope.change)
    case 'command':
      return describeCommand(envelope.command, machine, describe) ?? `${envelope.command.byteLength} bytes`
    default:
      return envelope satisfies never
  }
}

/** A key is told to nobody who only watches. */
function describeRule(change: HouseRuleChange): string {
  switch (change.type) {
    case 'admission':
      return change.admission === 'asked' ? 'ask before anybody is let in' : 'let everybody in'
    case 'refuse':
      return 'refuse a newcomer'
    case 'key':
      return 'another key for the room'
    case 'refounded':
      return 'go on without the lost majority'
    default:
      return change satisfies never
  }
}

/** It is only for people, and may fail: then there is nothing to say but how long it is. */
function describeCommand<Command, Result>(
  bytes: Uint8Array,
  machine: StateMachine<Command, Result>,
  describe: ((command: Command) => string) | undefined,
): string | undefined {
  if (describe === undefined) return undefined
  try {
    const text: unknown = describe(machine.command.decode(bytes.slice()))
    disown(text)
    return typeof text === 'string' ? text.slice(0, MAX_DESCRIPTION_LENGTH) : undefined
  } catch {
    return undefined
  }
}
