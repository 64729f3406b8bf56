/** `flotilla serve`: a node that keeps a room when all its tabs are closed. */
import { serveControl } from '../../control/serve-control.ts'
import { EdgeNodeError } from '../../serve/edge-node-error.ts'
import { machineOf } from '../../serve/machine-module.ts'
import { exitCodeOf, serveEdgeNode } from '../../serve/serve.ts'
import type { Call, Command, Option } from '../command.ts'
import { enteringFailure } from '../entering-failure.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'

/** How a room is entered, for every command that does. */
export const ENTERING = {
  data: { type: 'string', value: '<data-dir>', help: 'where this node keeps what it knows (./flotilla-data)' },
  signaling: {
    type: 'string',
    value: '<address>',
    help: 'ws:// or wss:// of the signalling server, if the page does not name it',
  },
  nats: { type: 'string', value: '<addresses>', help: 'of NATS servers, with commas between them' },
  priority: { type: 'string', value: '<0-255>', help: 'who should rather lead has the higher one (0)' },
  patience: { type: 'string', value: '<seconds>', help: 'how long the disk may take to open (20)' },
  create: { type: 'boolean', help: 'make the room if nobody is there; never where somebody may only be away' },
  'trust-any-certificate': { type: 'boolean', help: 'for a server on your own network with a certificate of its own' },
} as const satisfies Readonly<Record<string, Option>>

/** What `openEdgeNode` and `serveEdgeNode` are given. */
export function entering({ operands: [given], text, flag }: Pick<Call, 'operands' | 'text' | 'flag'>) {
  const link = given ?? process.env.FLOTILLA_LINK
  if (link === undefined) {
    throw new CommandFailure(ExitCode.usage, 'the room’s link is missing', 'Give it in quotes, or in FLOTILLA_LINK.')
  }
  const signaling = text('signaling')
  const priority = text('priority')
  if (priority !== undefined && !/^\d{1,3}$/.test(priority)) {
    throw new CommandFailure(ExitCode.usage, `--priority must be a whole number from 0 to 255, not ${priority}`)
  }
  const patience = text('patience')
  if (patience !== undefined && !(Number(patience) > 0 && Number(patience) <= 3_600)) {
    throw new CommandFailure(ExitCode.usage, `--patience must be a number of seconds up to 3600, not ${patience}`)
  }
  return {
    link,
    dataDir: text('data') ?? 'flotilla-data',
    nats: (text('nats') ?? '').split(',').filter(Boolean),
    start: flag('create') ? 'open' : 'join',
    trustAnyCertificate: flag('trust-any-certificate'),
    ...(signaling !== undefined && { signaling }),
    ...(priority !== undefined && { priority: Number(priority) }),
    ...(patience !== undefined && { openTimeoutMs: Number(patience) * 1_000 }),
  } as const
}

/** Said to whoever typed it: what is wrong, and with which code it ends. */
export function asFailure(error: unknown): unknown {
  return error instanceof EdgeNodeError ? enteringFailure(error, exitCodeOf(error.kind)) : error
}

export const serve: Command = {
  name: 'serve',
  takes: '[room-link]',
  summary: 'a node that keeps a room when all its tabs are closed',
  details: [
    'Joins the room by its link, votes, stores, and hands everything to whoever comes. The link is given in quotes, for a shell',
    'takes & and # for its own; or in FLOTILLA_LINK, where no list of processes shows it. Logs JSON, an object a line. SIGTERM ends it, and hands leadership over if',
    'another votes. A single one takes the vote of every tab: while it is down, the room takes no writes. Run three of them, or give',
    '--like-a-tab, beside which tabs vote. The other commands ask it by its data directory. It ends with 64 if it must be started in another way, 65 if its data is damaged, 69 if the room cannot be',
    'reached, 74 if its disk cannot be used, 75 if another process uses it (sysexits.h).',
  ].join('\n'),
  options: {
    ...ENTERING,
    port: {
      type: 'string',
      value: '<port>',
      help: 'answer /health and /metrics there; 0 for any that is free (nowhere)',
    },
    host: { type: 'string', value: '<address>', help: 'at which address (127.0.0.1)' },
    'like-a-tab': {
      type: 'boolean',
      help: 'count on it no more than on a tab, and let tabs vote beside it: for a machine that is often off',
    },
    machine: {
      type: 'string',
      value: '<module>',
      help: 'JavaScript that exports the application’s state machine: this node answers, and keeps its log short',
    },
  },
  async run(call) {
    const { text, flag } = call
    const port = text('port')
    if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536)) {
      throw new CommandFailure(ExitCode.usage, `--port must be a whole number from 0 to 65535, not ${port}`)
    }
    const host = text('host')
    const options = entering(call)
    try {
      const module = text('machine')
      const service = await serveEdgeNode<unknown, unknown>({
        ...options,
        isLasting: !flag('like-a-tab'),
        ...(module !== undefined && { machine: await machineOf(module) }),
        ...(port !== undefined && { port: Number(port) }),
        ...(host !== undefined && { host }),
      })
      const stop = await serveControl(service.node.cluster, options.dataDir)
      const code = await service.ended
      await stop()
      return code
    } catch (error) {
      throw asFailure(error)
    }
  },
}
