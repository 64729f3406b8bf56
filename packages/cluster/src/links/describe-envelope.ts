/** What a command entry says, in few words, for traces. */
import type { StateMachine } from '../machine.ts'
import { decodeEnvelope } from '../wire/command.ts'

export function describeEnvelope<Command, Result>(
  data: Uint8Array,
  machine: StateMachine<Command, Result>,
  describe: (command: Command) => string,
): string {
  const decoded = decodeEnvelope(data)
  if (!decoded.ok) return `not a command: ${decoded.error.kind}`
  const envelope = decoded.value
  switch (envelope.kind) {
    case 'open':
      return 'open a session'
    case 'expire':
      return `end ${envelope.sessions.length} idle sessions`
    case 'command':
      try {
        return describe(machine.command.decode(envelope.command))
      } catch {
        return `${envelope.command.byteLength} bytes`
      }
    default:
      return envelope satisfies never
  }
}
