/**
 * Which Firefox the tests that want one run in: the one named by FLOTILLA_FIREFOX, or one that the system has. None is
 * installed for them.
 */
import { join } from 'node:path'
import { candidates, starts } from './browser.mjs'
import { Refusal } from './fail.mjs'

const NAMES = ['firefox', 'firefox-esr']

const INSTALLED_AT = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  ...['ProgramFiles', 'ProgramFiles(x86)'].map(variable =>
    join(process.env[variable] ?? '', 'Mozilla Firefox', 'firefox.exe'),
  ),
]

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} the path of an executable
 */
export function findFirefox(env = process.env) {
  const named = env.FLOTILLA_FIREFOX
  if (named !== undefined && named !== '') {
    if (starts(named)) return named
    throw new Refusal(`FLOTILLA_FIREFOX names ${named}, which does not start. Name a Firefox, or unset it.`)
  }
  return [...candidates(env.PATH ?? '', NAMES), ...INSTALLED_AT].find(starts)
}
