/**
 * Programs beside Node and a Chromium that some tests need. `npm test` uses those that are there; the long run installs
 * Debian's where it may. A test asks `findProgram`, and skips itself with `whyMissing` where there is none.
 */
import { delimiter, join } from 'node:path'
import { canInstallPackages, installPackages } from './debian.mjs'
import { candidates, namedProgram, starts } from './executable.mjs'

/**
 * @typedef {object} Program
 * @property {string} what for people
 * @property {readonly string[]} names on the search path, the preferred one first
 * @property {string} debian the package
 * @property {readonly string[]} [installedAt] where installers put it that do not care for the search path
 * @property {string} [versionFlag] makes it tell its version and end; default `--version`
 */

const windowsPrograms = ['ProgramFiles', 'ProgramFiles(x86)'].map(variable => process.env[variable] ?? '')

/** @satisfies {Record<string, Program>} */
export const programs = {
  firefox: {
    what: 'Firefox',
    names: ['firefox', 'firefox-esr'],
    debian: 'firefox-esr',
    installedAt: [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      ...windowsPrograms.map(folder => join(folder, 'Mozilla Firefox', 'firefox.exe')),
    ],
  },
  'nats-server': { what: 'NATS server', names: ['nats-server'], debian: 'nats-server' },
  turnserver: { what: 'TURN server', names: ['turnserver'], debian: 'coturn' },
  caddy: { what: 'Caddy', names: ['caddy'], debian: 'caddy', versionFlag: 'version' },
  nginx: { what: 'nginx', names: ['nginx'], debian: 'nginx-light', versionFlag: '-v' },
  // Networks of our own, and what is bad about them. `ip` comes with `tc`.
  nft: { what: 'nftables', names: ['nft'], debian: 'nftables' },
  tc: { what: 'iproute2', names: ['tc'], debian: 'iproute2', versionFlag: '-V' },
  java: { what: 'Java', names: ['java'], debian: 'default-jre-headless', versionFlag: '-version' },
}

/** Where Debian keeps servers, which a user's search path leaves out. */
const SERVERS = ['/usr/local/sbin', '/usr/sbin']

/** @typedef {keyof typeof programs} ProgramName */

/**
 * The one that its variable (such as `FLOTILLA_NATS_SERVER`) names, or one of the system. Installs nothing. Throws a
 * Refusal if the one that is named does not start.
 *
 * @param {ProgramName} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} the path of an executable
 */
export function findProgram(name, env = process.env) {
  /** @type {Program} */
  const { what, names, installedAt = [], versionFlag } = programs[name]
  const named = namedProgram(variableOf(name), `a ${what}`, env, versionFlag)
  if (named !== undefined) return named
  const searchPath = [env.PATH ?? '', ...SERVERS].join(delimiter)
  return [...candidates(searchPath, names), ...installedAt].find(file => starts(file, versionFlag))
}

/**
 * Why a test that needs it is skipped, and what to do, in one line.
 *
 * @param {ProgramName} name
 */
export function whyMissing(name) {
  const { what, debian } = programs[name]
  return `there is no ${what} here: install one (Debian: ${debian}), or name one with ${variableOf(name)}`
}

/** Installs what is missing, if we may, and says of what remains missing that its tests will be skipped. */
export async function installPrograms() {
  const all = /** @type {ProgramName[]} */ (Object.keys(programs))
  const missing = () => all.filter(name => findProgram(name) === undefined)
  const wanted = missing()
  if (wanted.length > 0 && canInstallPackages) await installPackages(wanted.map(name => programs[name].debian))
  for (const name of missing()) console.log(`Tests are skipped: ${whyMissing(name)}`)
}

/** @param {ProgramName} name */
const variableOf = name => `FLOTILLA_${name.toUpperCase().replace('-', '_')}`
