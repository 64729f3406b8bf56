/** What is wrong on the way into a room, and which option helps, for whoever typed the command. */
import type { EdgeNodeError } from '../serve/edge-node-error.ts'
import { CommandFailure } from './exit-code.ts'

export function enteringFailure({ kind, message }: EdgeNodeError, exitCode: number): CommandFailure {
  return new CommandFailure(exitCode, message, kind === 'NoSignaling' ? NAME_A_SERVER : undefined)
}

const NAME_A_SERVER =
  '--signaling ws://… or wss://… says where the signalling server is, --nats where NATS servers are; then the page is not asked.'
