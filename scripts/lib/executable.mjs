/** Programs of the system: where they lie, and whether they start. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Refusal } from './fail.mjs'

/**
 * Every executable on the search path with one of these names, the preferred names first.
 *
 * @param {string} searchPath
 * @param {readonly string[]} names
 */
export function candidates(searchPath, names) {
  const folders = searchPath.split(delimiter).filter(folder => folder !== '')
  return names.flatMap(name => folders.map(folder => join(folder, name))).filter(isExecutable)
}

/**
 * Whether it is there and can tell its version: a package can leave a launcher without a program behind it.
 *
 * @param {string | undefined} file
 * @param {string} [versionFlag]
 */
export function starts(file, versionFlag = '--version') {
  if (file === undefined || !existsSync(file)) return false
  // On Windows a browser opens a window instead of telling its version.
  if (process.platform === 'win32') return true
  return spawnSync(file, [versionFlag], { stdio: 'ignore', timeout: 60_000 }).status === 0
}

/**
 * The program that the user has named; undefined if none. Throws a Refusal if it does not start.
 *
 * @param {string} variable
 * @param {string} what it should name
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [versionFlag]
 */
export function namedProgram(variable, what, env, versionFlag) {
  const named = env[variable]
  if (named === undefined || named === '') return undefined
  if (starts(named, versionFlag)) return named
  throw new Refusal(`${variable} names ${named}, which does not start. Name ${what}, or unset it.`)
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
