/** What `flotilla --help` and `flotilla <command> --help` say. */
import { COMMON, type Command, type Option } from './command.ts'
import { type Paint, table } from './terminal.ts'

export function overview(commands: readonly Command[], paint: Paint): string {
  const rows = commands.map(({ name, takes, summary }) => [`  ${name} ${takes}`.trimEnd(), summary])
  return [
    'flotilla: a node that keeps a room alive, and what an operator looks at or does.',
    '',
    `${paint('bold', 'usage')}  flotilla <command> [options]`,
    '',
    table(rows),
    '',
    'flotilla <command> --help tells more of each.',
    'It ends with 0 when done, 1 when refused or failed, 2 for a wrong command line, 3 for damaged data,',
    '4 when nobody answers, 5 when there was no answer in time.',
  ].join('\n')
}

export function helpOf({ name, takes, summary, details, options }: Command, paint: Paint): string {
  const rows = Object.entries({ ...options, ...COMMON }).map(([option, each]) => [
    `  ${spelled(option, each)}`,
    each.help,
  ])
  return [
    `${paint('bold', 'usage')}  flotilla ${name} ${takes}`.trimEnd(),
    '',
    `${summary}.`,
    ...(details === '' ? [] : ['', details]),
    '',
    table(rows),
  ].join('\n')
}

function spelled(name: string, { short, value }: Option): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}
