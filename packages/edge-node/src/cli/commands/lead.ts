/** `flotilla lead`: runs a command on whichever edge node leads the room, and on no other. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { serveControl } from '../../control/serve-control.ts'
import { openEdgeNode } from '../../serve/edge-node.ts'
import type { Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { asFailure, ENTERING, entering } from './serve.ts'

const GRACE_MS = 5_000

export const lead: Command = {
  name: 'lead',
  takes: '[room-link]',
  summary: 'runs a command (after --) on whichever edge node leads, and stops it when deposed',
  details: [
    'flotilla lead <room-link> --data <data-dir> -- command …        (or with the link in FLOTILLA_LINK)',
    'The command has FLOTILLA_TERM, FLOTILLA_ROOM and FLOTILLA_NODE in its environment. It gets SIGTERM when another leads,',
    'and SIGKILL five seconds later. What it does to the outside world must carry the term, so that a deposed one can be',
    'told: two may think that they lead for an election timeout. When it ends by itself this ends, too, with its code.',
    'Use a room of its own: a tab of the room may lead, and runs no command.',
  ].join('\n'),
  options: ENTERING,
  async run(call) {
    const [program, ...args] = call.rest
    if (program === undefined) throw new CommandFailure(ExitCode.usage, 'what is to run is missing: -- command …')
    const options = entering(call)
    const node = await openEdgeNode(options).catch(error => {
      throw asFailure(error)
    })
    const { cluster } = node
    const stopControl = await serveControl(cluster, options.dataDir)
    const duty = new Duty(program, args)
    const look = (): void => {
      const { role, term, state } = cluster.status()
      const leads = state === 'running' && role === 'leader'
      duty.want(leads ? { term, environment: { FLOTILLA_ROOM: cluster.room, FLOTILLA_NODE: cluster.id } } : undefined)
      if (state === 'failed') failed(ExitCode.failed)
    }
    let failed: (code: number) => void = () => {}
    const failing = new Promise<number>(resolve => {
      failed = resolve
    })
    const offs = [cluster.on('status', look), cluster.on('leader', look)]
    look()
    const stopped = once(call.stop, 'abort').then(() => ExitCode.done)
    const code = await Promise.race([duty.ended, failing, stopped])
    for (const off of offs) off()
    duty.want(undefined)
    await duty.idle()
    await stopControl()
    await node.close()
    return code
  },
}

interface Office {
  readonly term: number
  readonly environment: NodeJS.ProcessEnv
}

/** The command, while it is ours to run: one process for each term, and never two at a time. */
class Duty {
  readonly #program: string
  readonly #args: readonly string[]
  #wanted: Office | undefined
  #running: { readonly child: ChildProcess; readonly term: number; isStopping: boolean } | undefined
  #over: (code: number) => void = () => {}
  #rest: () => void = () => {}
  /** It ended though nobody told it to. */
  readonly ended = new Promise<number>(resolve => {
    this.#over = resolve
  })

  constructor(program: string, args: readonly string[]) {
    this.#program = program
    this.#args = args
  }

  want(office: Office | undefined): void {
    this.#wanted = office
    if (this.#running === undefined) return this.#begin()
    if (this.#running.term !== office?.term) this.#stop()
  }

  /** Resolves when nothing of it runs. */
  idle(): Promise<void> {
    return new Promise(resolve => {
      this.#rest = resolve
      if (this.#running === undefined) resolve()
    })
  }

  #begin(): void {
    if (this.#wanted === undefined) return
    const { term, environment } = this.#wanted
    const child = spawn(this.#program, this.#args, {
      stdio: 'inherit',
      env: { ...process.env, ...environment, FLOTILLA_TERM: String(term) },
    })
    const running = { child, term, isStopping: false }
    this.#running = running
    const gone = (code: number): void => {
      this.#running = undefined
      if (running.isStopping) this.#begin()
      else this.#over(code)
      this.#rest()
    }
    child.once('error', () => gone(ExitCode.failed))
    child.once('exit', code => gone(code ?? ExitCode.failed))
  }

  #stop(): void {
    if (this.#running === undefined || this.#running.isStopping) return
    const { child } = this.#running
    this.#running.isStopping = true
    child.kill('SIGTERM')
    const last = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    child.once('exit', () => clearTimeout(last))
  }
}
