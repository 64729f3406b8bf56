/** What the commands of this package do when they are called wrongly: say how to call them, and end with 2. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

export function readArguments<Config extends ParseArgsConfig>(
  config: Config,
  usage: string,
): ReturnType<typeof parseArgs<Config>>['values'] {
  try {
    return parseArgs(config).values
  } catch (error) {
    if (error instanceof Error) console.error(error.message)
    return endWith(usage)
  }
}

export function endWith(usage: string): never {
  console.error(`usage: ${usage}`)
  process.exit(2)
}
