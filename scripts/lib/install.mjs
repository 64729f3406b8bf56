/** Installs what package-lock.json asks for, when it is not there already; otherwise costs a few milliseconds. */
import { existsSync, readFileSync } from 'node:fs'
import { Refusal } from './fail.mjs'
import { inRoot } from './root.mjs'
import { npm, run } from './run.mjs'

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Whether what npm says it installed (its own note inside node_modules) is what the lock file asks for.
 * Optional packages may be missing: they are other systems' binaries.
 *
 * @param {Lock} wanted
 * @param {Lock} installed
 */
export function isUpToDate(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, { version, link, optional, devOptional }]) => {
    if (path === '') return true
    const found = installed.packages[path]
    if (found === undefined) return optional === true || devOptional === true
    return link === true ? found.link === true : found.version === version
  })
}

/** Makes node_modules what the lock file asks for. Throws a Refusal when that cannot be done. */
export async function ensureInstalled() {
  const wanted = readLock(inRoot('package-lock.json'))
  if (wanted === undefined)
    throw new Refusal('package-lock.json is missing or broken. Get it back: git checkout package-lock.json')
  const installed = readLock(inRoot('node_modules', '.package-lock.json'))
  if (installed !== undefined && isUpToDate(wanted, installed)) return

  console.log(installed === undefined ? 'Installing dependencies (npm ci) …' : 'Dependencies have changed (npm ci) …')
  const code = await run(npm(['ci', '--include=dev', '--no-audit', '--no-fund']))
  if (code !== 0) {
    throw new Refusal(
      'npm could not install the dependencies; its own words are above.\n' +
        'Most often the machine is offline or behind a proxy: check `npm ping`, then run this again.',
    )
  }
}

/**
 * @param {string} file
 * @returns {Lock | undefined} undefined when it is missing or no lock file
 */
export function readLock(file) {
  if (!existsSync(file)) return undefined
  try {
    const lock = JSON.parse(readFileSync(file, 'utf8'))
    return typeof lock?.packages === 'object' && lock.packages !== null ? lock : undefined
  } catch {
    return undefined
  }
}
