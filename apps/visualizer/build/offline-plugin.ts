/**
 * Makes the page open without a network after its first load: everything that was built is listed in a service worker, which
 * keeps it (`service-worker.js` is what it is made of). See docs/decisions/offline.md.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const template = new URL('service-worker.js', import.meta.url)

export function offline(): Plugin {
  let publicDir = ''
  return {
    name: 'flotilla-offline',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      publicDir = config.publicDir
    },
    generateBundle(_, bundle) {
      const hash = createHash('sha256')
      const files: string[] = []
      for (const [name, file] of Object.entries(bundle).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        if (name.endsWith('.map')) continue
        hash.update(name).update(file.type === 'chunk' ? file.code : file.source)
        if (name !== 'index.html') files.push(name)
      }
      for (const name of readdirSync(publicDir)) {
        hash.update(name).update(readFileSync(join(publicDir, name)))
        files.push(name)
      }
      const source = readFileSync(template, 'utf8')
        .replace("'VERSION'", JSON.stringify(hash.digest('hex').slice(0, 16)))
        .replace("['FILES']", JSON.stringify(['./', ...files]))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}
