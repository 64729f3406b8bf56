/** From a command line to an exit code. */
import { parseArgs } from 'node:util'
import { ClusterError, StorageError } from '@flotilla/cluster'
import { type Command, parseConfig } from './command.ts'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { helpOf, overview } from './help.ts'
import { painter, type Terminal, terminal } from './terminal.ts'

export async function main(commands: readonly Command[], args: readonly string[]): Promise<number> {
  const [name, ...given] = args
  const paint = painter(!args.includes('--no-color'), process.stdout.isTTY === true, process.env)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const about = commands.find(command => command.name === given[0])
    console.log(about === undefined ? overview(commands, paint) : helpOf(about, paint))
    return name === undefined ? ExitCode.usage : ExitCode.done
  }
  const command = commands.find(each => each.name === name)
  if (command === undefined) return refuse(`flotilla: there is no command “${name}”`, 'flotilla --help lists them')
  const words = parsed(command, given)
  if (typeof words === 'string') return refuse(`flotilla ${name}: ${words}`, `flotilla ${name} --help tells more`)
  if (words.values.help === true) {
    console.log(helpOf(command, paint))
    return ExitCode.done
  }
  const out = terminal(words.values.json === true, paint)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    return await command.run({
      operands: words.operands,
      rest: words.rest,
      text: option => {
        const value = words.values[option]
        return typeof value === 'string' ? value : undefined
      },
      flag: option => words.values[option] === true,
      terminal: out,
      stop: stop.signal,
    })
  } catch (error) {
    return failed(error, command, out)
  }
}

interface Words {
  readonly values: Readonly<Record<string, unknown>>
  readonly operands: readonly string[]
  readonly rest: readonly string[]
}

/** What is wrong with it, in a sentence, or the words in their places. */
function parsed(command: Command, args: readonly string[]): Words | string {
  const end = args.indexOf('--')
  const [ours, rest] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
  try {
    const { values, positionals } = parseArgs({
      args: [...ours],
      options: parseConfig(command),
      allowPositionals: true,
      strict: true,
    })
    const wanted = command.takes.match(/<[^>]+>/g) ?? []
    const most = wanted.length + (command.takes.match(/\[(?!--)[^\]]+\]/g) ?? []).length
    if (values.help === true) return { values, operands: positionals, rest }
    if (positionals.length < wanted.length) return `${wanted[positionals.length]} is missing`
    if (positionals.length > most) return `“${positionals[most]}” is one word too many`
    return { values, operands: positionals, rest }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function failed(error: unknown, command: Command, { complain, paint }: Terminal): number {
  const message = error instanceof Error ? error.message : String(error)
  complain(`${paint('red', `flotilla ${command.name}:`)} ${message}`)
  if (error instanceof CommandFailure) {
    if (error.advice !== undefined) complain(error.advice)
    return error.exitCode
  }
  if (error instanceof StorageError) return error.kind === 'Corrupt' ? ExitCode.damaged : ExitCode.failed
  if (error instanceof ClusterError && (error.kind === 'Timeout' || error.kind === 'OpenTimeout'))
    return ExitCode.timeout
  return ExitCode.failed
}

function refuse(message: string, advice: string): number {
  console.error(`${message}\n${advice}`)
  return ExitCode.usage
}
