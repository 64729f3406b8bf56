/** Installs Quint in docs/spec, when somebody asks for it: nothing else needs it, and it weighs 39 MB. */
import { isUpToDate, readLock } from './install.mjs'
import { inRoot } from './root.mjs'
import { npm, run } from './run.mjs'

/** False, with a line that says so, where npm cannot. */
export async function installQuint() {
  const folder = inRoot('docs/spec')
  const wanted = readLock(inRoot('docs/spec/package-lock.json'))
  const installed = readLock(inRoot('docs/spec/node_modules/.package-lock.json'))
  if (wanted !== undefined && installed !== undefined && isUpToDate(wanted, installed)) return true
  console.log('Installing Quint in docs/spec (npm ci) …')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  if ((await run(npm(args), { cwd: folder })) === 0) return true
  console.log('The specification was skipped: npm could not install Quint.')
  return false
}
