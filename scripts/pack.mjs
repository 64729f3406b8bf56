/**
 * `npm run pack -- react state`: tarballs of these packages and of what they stand on, in `packed/`, for an application outside of this
 * repository. Without names: of all. Prints what to run there.
 */
import './lib/node-version.mjs'
import { mkdirSync, rmSync } from 'node:fs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { packAll, withDependencies } from './lib/outside.mjs'
import { inRoot } from './lib/root.mjs'

main(async () => {
  await ensureInstalled()
  const names = process.argv.slice(2)
  const folders = names.length === 0 ? undefined : withDependencies(names)
  rmSync(inRoot('packed'), { recursive: true, force: true })
  mkdirSync(inRoot('packed'))
  const packed = await packAll(inRoot('packed'), folders)
  console.log(`\nIn the application:\n\nnpm install ${packed.map(({ tarball }) => tarball).join(' ')}`)
  return 0
})
