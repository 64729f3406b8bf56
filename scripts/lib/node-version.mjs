/**
 * Refuses a Node that is too old. Imported first by every script, for its effect, and written so that an old Node can
 * still read it: it must get far enough to say what is wrong.
 */

const NEEDED_MAJOR = 20
const NEEDED_MINOR = 19

/** @param {string} version as in `process.versions.node` */
export function isNodeRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > NEEDED_MAJOR || (major === NEEDED_MAJOR && minor >= NEEDED_MINOR)
}

if (!isNodeRecentEnough(process.versions.node)) {
  console.error(`
Flotilla needs Node ${NEEDED_MAJOR}.${NEEDED_MINOR} or newer; this is ${process.versions.node}.
Install a current one from https://nodejs.org (or with your version manager: nvm install --lts) and run this again.
`)
  process.exit(1)
}
