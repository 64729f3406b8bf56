/** What the commands have in common that ask a room from outside: its link, how long they wait, and what it means that nobody answers. */
import type { Attachable, Remote } from '@flotilla/client'
import { ClusterError } from '@flotilla/cluster'
import { EdgeNodeError } from '../../serve/edge-node-error.ts'
import { type Outside, type OutsideOptions, openOutside } from '../../serve/outside.ts'
import type { Call, Option } from '../command.ts'
import { enteringFailure } from '../entering-failure.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { ENTERING } from './serve.ts'

const { signaling, nats, 'trust-any-certificate': trust } = ENTERING

export const OUTSIDE = {
  timeout: { type: 'string', value: '<seconds>', help: 'how long to look for the room and wait for it (30)' },
  signaling,
  nats,
  'trust-any-certificate': trust,
} as const satisfies Readonly<Record<string, Option>>

/** A room's link, and no data directory. */
export const isLink = (operand: string): boolean => /^https?:/i.test(operand)

export function timeoutOf({ text }: Pick<Call, 'text'>): number | undefined {
  const given = text('timeout')
  if (given === undefined) return undefined
  const seconds = Number(given)
  if (seconds > 0 && seconds <= 3_600) return seconds * 1_000
  throw new CommandFailure(ExitCode.usage, `--timeout must be a number of seconds up to 3600, not ${given}`)
}

const WITHIN_MS = 30_000
/** Whoever closed the room may have opened it again; who has only an old key may be told so by somebody who lies. */
const LOOK_EVERY_MS = 200

/** What `use` comes to in the room. It is given how long it may take. */
export async function outside<T>(
  call: Call,
  link: string,
  attachable: Attachable & { close(): void },
  use: (within: { readonly timeoutMs: number }, room: string) => Promise<T>,
): Promise<T> {
  const { text, flag, stop } = call
  const timeoutMs = timeoutOf(call) ?? WITHIN_MS
  const begunAt = performance.now()
  const given = text('signaling')
  const options: OutsideOptions = {
    link,
    nats: (text('nats') ?? '').split(',').filter(Boolean),
    trustAnyCertificate: flag('trust-any-certificate'),
    signal: stop,
    ...(given !== undefined && { signaling: given }),
  }
  const mayTryAgain = (): boolean => !stop.aborted && performance.now() - begunAt < timeoutMs
  const entered = await enter(attachable, options, mayTryAgain)
  const { remote } = entered
  const watch = new Watch(remote)
  try {
    const left = Math.max(1, timeoutMs - (performance.now() - begunAt))
    return await Promise.race([use({ timeoutMs: left }, entered.link.room), watch.hopeless, stopped(stop)])
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'Timeout') throw watch.late(error)
    throw error
  } finally {
    watch.stop()
    attachable.close()
    await remote.close()
  }
}

/** A server that does not answer now may in a moment. */
async function enter(attachable: Attachable, options: OutsideOptions, mayTryAgain: () => boolean): Promise<Outside> {
  for (;;) {
    try {
      return await openOutside(attachable, options)
    } catch (error) {
      if (!(error instanceof EdgeNodeError && error.kind === 'RoomUnreachable' && mayTryAgain())) throw asFailure(error)
      await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }
}

function asFailure(error: unknown): unknown {
  if (!(error instanceof EdgeNodeError)) return error
  switch (error.kind) {
    case 'InvalidLink':
    case 'InvalidOptions':
      return enteringFailure(error, ExitCode.usage)
    case 'NoSignaling':
    case 'RoomUnreachable':
      return enteringFailure(error, ExitCode.unreachable)
    default:
      return enteringFailure(error, ExitCode.failed)
  }
}

function stopped(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new CommandFailure(ExitCode.timeout, 'stopped before there was an answer'))
    if (stop.aborted) end()
    stop.addEventListener('abort', end)
  })
}

/** Whether anybody was there, and why nobody will be. */
class Watch {
  readonly hopeless: Promise<never>
  readonly #remote: Remote
  readonly #timer: NodeJS.Timeout
  readonly #off: () => void
  #wasAsked = false

  constructor(remote: Remote) {
    this.#remote = remote
    this.#off = remote.on('node', () => {
      this.#wasAsked = true
    })
    this.#wasAsked = remote.node !== undefined
    let give: (error: CommandFailure) => void = () => {}
    this.hopeless = new Promise((_, reject) => {
      give = reject
    })
    // It is only heard while somebody waits for it.
    this.hopeless.catch(() => undefined)
    this.#timer = setInterval(() => {
      if (remote.trouble === 'Closed') give(refusal('Closed'))
      if (remote.trouble === 'KeyReplaced') give(refusal('KeyReplaced'))
    }, LOOK_EVERY_MS)
  }

  late(error: ClusterError): CommandFailure {
    const { trouble } = this.#remote
    if (trouble !== undefined && (trouble !== 'Nobody' || !this.#wasAsked)) return refusal(trouble)
    return new CommandFailure(ExitCode.timeout, `${error.kind}: ${error.message}`)
  }

  stop(): void {
    this.#off()
    clearInterval(this.#timer)
  }
}

function refusal(trouble: NonNullable<Remote['trouble']>): CommandFailure {
  switch (trouble) {
    case 'Nobody':
      return new CommandFailure(
        ExitCode.unreachable,
        'no node of the room answers',
        'Is one open or running? flotilla serve keeps a room when all tabs are closed.',
      )
    case 'OnlyCarriers':
      return new CommandFailure(
        ExitCode.unreachable,
        'only nodes are there that carry the room without understanding its commands',
        'Open a tab of the room, or give an edge node the application’s machine (flotilla serve --machine).',
      )
    case 'Closed':
      return new CommandFailure(
        ExitCode.failed,
        'the room asks before it lets somebody in, and tells nothing to who is no member',
        'flotilla propose <data-dir> asks through a member.',
      )
    case 'KeyReplaced':
      return new CommandFailure(
        ExitCode.failed,
        'the room has another key by now, and with it another link',
        'A page of a member shows it in its address.',
      )
    default:
      return trouble satisfies never
  }
}
