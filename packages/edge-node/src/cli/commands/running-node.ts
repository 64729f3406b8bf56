/** What the commands about a running node have in common: where it is, how it is asked, and what it refuses. */
import type { ClusterStatus, MemberStatus } from '@flotilla/cluster'
import { askControl } from '../../control/ask-control.ts'
import type { Request } from '../../control/control.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'

export interface Room {
  readonly room: string
  readonly status: ClusterStatus
}

/** What the node answers. @throws CommandFailure where none runs, or it refuses */
export async function ask(dataDir: string, request: Request): Promise<Readonly<Record<string, unknown>>> {
  let answer: Readonly<Record<string, unknown>>
  try {
    answer = await askControl(dataDir, request)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(
      ExitCode.unreachable,
      `no node of ${dataDir} answers (${why})`,
      'flotilla serve starts one; flotilla inspect shows what is on its disk without one.',
    )
  }
  const { refused } = answer
  if (refused === undefined) return answer
  const { kind, message }: { readonly kind?: unknown; readonly message?: unknown } = Object(refused)
  throw new CommandFailure(
    kind === 'Timeout' ? ExitCode.timeout : ExitCode.failed,
    `${String(kind)}: ${String(message)}`,
  )
}

export async function roomOf(dataDir: string): Promise<Room> {
  const { room, status } = await ask(dataDir, { ask: 'status' })
  if (typeof room !== 'string' || !isStatus(status)) {
    throw new CommandFailure(ExitCode.failed, 'the node answers with no status: it may be of another version')
  }
  return { room, status }
}

function isStatus(value: unknown): value is ClusterStatus {
  const { id, role, term, members }: Readonly<Record<string, unknown>> = Object(value)
  return typeof id === 'string' && typeof role === 'string' && typeof term === 'number' && Array.isArray(members)
}

export const isLeader = ({ leader }: ClusterStatus, { id }: MemberStatus): boolean => leader === id

/** A member by its id or by the name that the room gave it. */
export function idOf({ members }: ClusterStatus, named: string): string {
  return members.find(({ id, name }) => id === named || name === named)?.id ?? named
}
