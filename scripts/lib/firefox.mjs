/**
 * Which Firefox the tests that want one run in: the one named by FLOTILLA_FIREFOX, or one that the system has. None is
 * installed for them.
 */
import { join } from 'node:path'
import { candidates, namedBrowser, starts } from './browser.mjs'

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
  const named = namedBrowser('FLOTILLA_FIREFOX', 'a Firefox', env)
  if (named !== undefined) return named
  return [...candidates(env.PATH ?? '', NAMES), ...INSTALLED_AT].find(starts)
}
