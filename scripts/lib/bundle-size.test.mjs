import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { inRoot } from './root.mjs'

/** Of what an application imports, minified and packed, in bytes: by the name of its file. */
async function sizes(/** @type {string} */ code) {
  const entry = '\0application'
  const built = await build({
    configFile: false,
    root: inRoot('e2e'),
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
    plugins: [
      {
        name: 'application',
        resolveId: id => (id === entry ? id : undefined),
        load: id => (id === entry ? code : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        external: ['react'],
        output: { entryFileNames: 'application.js', chunkFileNames: '[name].js' },
      },
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap(each => ('output' in each ? each.output : []))
  return new Map(
    outputs.flatMap(each => (each.type === 'chunk' ? [[each.fileName, gzipSync(each.code).byteLength]] : [])),
  )
}

test('a node in a page, with its disk, its links and hooks, is at most 80 kB to fetch, and 31 kB more when there is a peer', async () => {
  const found = await sizes(`
    import { openCluster } from '@flotilla/cluster'
    import { indexedDb } from '@flotilla/indexeddb-storage'
    import * as react from '@flotilla/react'
    import { webRtc } from '@flotilla/webrtc-transport'
    globalThis.application = { openCluster, indexedDb, webRtc, react }`)
  const connecting = found.get('simple-peer-connection.js') ?? 0
  const all = [...found.values()].reduce((sum, bytes) => sum + bytes, 0)
  const told = JSON.stringify([...found])
  expect(connecting, told).toBeGreaterThan(0)
  expect(connecting, told).toBeLessThan(31_000)
  expect(all - connecting, told).toBeLessThan(80_000)
})
