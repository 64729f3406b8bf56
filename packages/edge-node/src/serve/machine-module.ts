/** The application's machine, from a module of its own: what lets an edge node understand the room that it keeps. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { StateMachine } from '@flotilla/cluster'
import { EdgeNodeError } from './edge-node-error.ts'

/** The module's default export, or what that makes if it is a function. Rejects with an EdgeNodeError `InvalidOptions`. */
export async function machineOf(path: string): Promise<StateMachine<unknown, unknown>> {
  let made: unknown
  try {
    const module: unknown = await import(pathToFileURL(resolve(path)).href)
    const { default: given }: { readonly default?: unknown } = Object(module)
    made = typeof given === 'function' ? given() : given
  } catch (cause) {
    throw new EdgeNodeError('InvalidOptions', `the machine of ${path} cannot be loaded: ${String(cause)}`, { cause })
  }
  if (isMachine(made)) return made
  throw new EdgeNodeError(
    'InvalidOptions',
    `${path} must export by default a state machine (command, result, apply, snapshot, restore), or a function that makes one`,
  )
}

function isMachine(value: unknown): value is StateMachine<unknown, unknown> {
  const { command, result, apply, snapshot, restore }: Readonly<Record<string, unknown>> = Object(value)
  return isCodec(command) && isCodec(result) && [apply, snapshot, restore].every(method => typeof method === 'function')
}

function isCodec(value: unknown): boolean {
  const { encode, decode }: Readonly<Record<string, unknown>> = Object(value)
  return typeof encode === 'function' && typeof decode === 'function'
}
