/** What a command of `flotilla` is: its line in the help, its options, and what it does. */
import type { ParseArgsConfig } from 'node:util'
import type { Terminal } from './terminal.ts'

export interface Command {
  readonly name: string
  /** After the name, as in `<data-dir>`. */
  readonly takes: string
  /** One line, for the list of commands. */
  readonly summary: string
  /** Everything else that is worth knowing. */
  readonly details: string
  readonly options: Readonly<Record<string, Option>>
  /** Gives what the program ends with. */
  run(call: Call): Promise<number>
}

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** What stands for its value in the help. */
  readonly value?: string
  readonly help: string
}

export interface Call {
  readonly operands: readonly string[]
  /** What follows `--`. */
  readonly rest: readonly string[]
  text(option: string): string | undefined
  flag(option: string): boolean
  readonly terminal: Terminal
  /** Fires at Ctrl-C and when the service is stopped. */
  readonly stop: AbortSignal
}

/** What every command understands. */
export const COMMON: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', help: 'JSON, an object a line, for programs' },
  'no-color': { type: 'boolean', help: 'no colours (nor with NO_COLOR set, nor into a file)' },
  help: { type: 'boolean', short: 'h', help: 'this' },
}

export function parseConfig({ options }: Pick<Command, 'options'>): NonNullable<ParseArgsConfig['options']> {
  const all = Object.entries({ ...options, ...COMMON })
  return Object.fromEntries(all.map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]))
}
