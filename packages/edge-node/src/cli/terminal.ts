/** Where a command writes: for people with colours where they are wanted, for programs as JSON. */
import type { Writable } from 'node:stream'

export interface Terminal {
  /** Lines of JSON instead of text. */
  readonly isJson: boolean
  /** For people. Silent where JSON is asked for. */
  say(text: string): void
  /** For programs: an object a line. Silent otherwise. */
  tell(value: object): void
  /** To the standard error, in any case. */
  complain(text: string): void
  readonly paint: Paint
}

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow'
export type Paint = (colour: Colour, text: string) => string

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }

/** `NO_COLOR` set to anything, `--no-color`, and an output that is no terminal each keep colours away (no-color.org). */
export function painter(wanted: boolean, isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint {
  const isOn = wanted && isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb'
  return (colour, text) => (isOn ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text)
}

export function terminal(
  isJson: boolean,
  paint: Paint,
  out: Pick<Writable, 'write'> = process.stdout,
  errors: Pick<Writable, 'write'> = process.stderr,
): Terminal {
  return {
    isJson,
    paint,
    say: text => void (isJson || out.write(`${text}\n`)),
    tell: value => void (isJson && out.write(`${JSON.stringify(value)}\n`)),
    complain: text => void errors.write(`${text}\n`),
  }
}

/** What somebody else wrote must not move our cursor, nor turn the direction of the line. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�')
}

/** Columns as wide as what is in them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
