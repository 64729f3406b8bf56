/** `flotilla signal`: the signalling server, by which those who are to meet find each other. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { jsonLog, signalingServer } from '@flotilla/signaling-server'
import type { Call, Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'

export const signal: Command = {
  name: 'signal',
  takes: '',
  summary: 'the signalling server: where browsers and edge nodes find each other',
  details: [
    'Speaks plain HTTP and WebSocket at /signaling, and answers /health; put a proxy before it that has the certificate.',
    'Logs JSON, an object a line. Sees neither what rooms hold nor their keys.',
  ].join('\n'),
  options: {
    port: { type: 'string', value: '<port>', help: 'where to listen (PORT; 8787); 0 for any that is free' },
    host: { type: 'string', value: '<address>', help: 'at which address (HOST; 127.0.0.1)' },
    origins: {
      type: 'string',
      value: '<origins>',
      help: 'pages that may connect, with commas between them, or * (ORIGINS)',
    },
    proxies: { type: 'string', value: '<number>', help: 'how many proxies of yours stand before it (PROXIES; 0)' },
  },
  async run({ text, stop }: Call) {
    const port = whole('port', text('port') ?? process.env.PORT ?? '8787', 65_535)
    const proxies = whole('proxies', text('proxies') ?? process.env.PROXIES ?? '0', 100)
    const host = text('host') ?? process.env.HOST ?? '127.0.0.1'
    const origins = (text('origins') ?? process.env.ORIGINS ?? '')
      .split(',')
      .map(origin => origin.trim())
      .filter(Boolean)
    if (origins.length === 0) {
      throw new CommandFailure(
        ExitCode.usage,
        '--origins must name the pages that may connect, such as https://flotilla.example',
      )
    }
    const signaling = signalingServer({ origins: origins.includes('*') ? 'any' : origins, proxies })
    const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
      if (!signaling.answerHealth(request, response)) response.writeHead(404).end()
    })
    signaling.attach(server)
    server.on('upgrade', (request, socket) => {
      if (!request.url?.startsWith('/signaling')) socket.destroy()
    })
    server.listen(port, host)
    await once(server, 'listening')
    const address = server.address()
    jsonLog({ event: 'listening', port: typeof address === 'object' && address !== null ? address.port : port })
    if (!stop.aborted) await once(stop, 'abort')
    server.close()
    await signaling.close()
    server.closeAllConnections()
    return ExitCode.done
  },
}

function whole(name: string, given: string, most: number): number {
  const number = Number(given)
  if (given !== '' && Number.isInteger(number) && number >= 0 && number <= most) return number
  throw new CommandFailure(ExitCode.usage, `--${name} must be a whole number from 0 to ${most}, not ${given}`)
}
