/** Debian's packages, where we may install them. */
import { existsSync } from 'node:fs'
import { run } from './run.mjs'

export const canInstallPackages = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/** Somebody else may be installing just now. */
const WAIT_FOR_OTHERS = ['-o', 'DPkg::Lock::Timeout=300']

/**
 * Installs them, if we may. Whether that worked shows in what is there afterwards.
 *
 * @param {readonly string[]} packages
 */
export async function installPackages(packages) {
  if (!canInstallPackages) return
  console.log(`Installing Debian's ${packages.join(', ')} …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  /** @returns {[string, ...string[]]} */
  const apt = (/** @type {string[]} */ ...args) => ['apt-get', '-qq', ...WAIT_FOR_OTHERS, ...args]
  const install = apt('install', '-y', '--no-install-recommends', ...packages)
  const quietly = { env, onLine: () => {} }
  if ((await run(install, quietly)) === 0) return
  // What the package lists say is old, or there are none yet.
  await run(apt('update'), quietly)
  await run(install, quietly)
}
