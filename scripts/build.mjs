/**
 * `npm pack`, in a package: builds what its tarball holds. Run by npm in the package's folder, as its `prepack`, also from
 * a fresh clone.
 */
import './lib/node-version.mjs'
import { buildPackage } from './lib/build-package.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'

main(async () => {
  await ensureInstalled()
  await buildPackage(process.cwd())
  return 0
})
