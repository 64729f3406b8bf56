/** What has to be fetched, minified and packed: by an app as the guide makes it, and by a page with a node in it. React is the app's own. */
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { inRoot } from './root.mjs'

/**
 * @typedef {{ readonly name: string, readonly bytes: number, readonly isFirst: boolean }} File one that is fetched; `isFirst`: not only on demand
 */

/**
 * @param {string} root
 * @param {{ readonly code?: string }} [app] by default the folder's own
 * @returns {Promise<readonly File[]>}
 */
async function built(root, { code } = {}) {
  const entry = '\0application'
  const result = await build({
    configFile: false,
    root,
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
        ...(code !== undefined && { input: entry }),
        external: [/^react($|\/)/, /^react-dom($|\/)/],
        output: { entryFileNames: 'page.js', chunkFileNames: '[name].js', assetFileNames: '[name]' },
      },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap(each => ('output' in each ? each.output : []))
  const chunks = outputs.flatMap(each => (each.type === 'chunk' ? [each] : []))
  const first = new Set(['page.js'])
  for (const name of first)
    for (const more of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) first.add(more)
  return outputs.flatMap(each => {
    const text = each.type === 'chunk' ? each.code : each.source
    const isScript = each.type === 'chunk' || /worker/.test(each.fileName)
    return isScript
      ? [{ name: each.fileName, bytes: gzipSync(text).byteLength, isFirst: first.has(each.fileName) }]
      : []
  })
}

/**
 * @param {readonly File[]} files
 * @param {(file: File) => boolean} which
 */
const sum = (files, which) => files.filter(which).reduce((bytes, file) => bytes + file.bytes, 0)
const isConnecting = (/** @type {File} */ { name }) => /^simple-peer/.test(name)
const isWorker = (/** @type {File} */ { name }) => /worker/.test(name)

test('of the guide’s app the page is at most 40 kB to show itself, with Immer, and its worker 94 kB; 31 kB more when there is a peer', async () => {
  const found = await built(inRoot('examples', 'minimal'))
  const told = JSON.stringify(found)
  const isPage = (/** @type {File} */ file) => file.isFirst && !isWorker(file)
  expect(sum(found, isPage), told).toBeLessThan(40_000)
  expect(sum(found, isWorker), told).toBeGreaterThan(0)
  expect(sum(found, isWorker), told).toBeLessThan(94_000)
  expect(sum(found, isConnecting), told).toBeGreaterThan(0)
  expect(sum(found, isConnecting), told).toBeLessThan(31_000)
})

test('core, cluster, indexeddb-storage, webrtc-transport and react together are at most 75 kB, and 31 kB more when there is a peer', async () => {
  const found = await built(inRoot('e2e'), {
    code: `
      import { openCluster } from '@flotilla/cluster'
      import { indexedDb } from '@flotilla/indexeddb-storage'
      import * as react from '@flotilla/react'
      import { webRtc } from '@flotilla/webrtc-transport'
      globalThis.application = { openCluster, indexedDb, webRtc, react }`,
  })
  const told = JSON.stringify(found)
  expect(sum(found, isConnecting), told).toBeGreaterThan(0)
  expect(sum(found, isConnecting), told).toBeLessThan(31_000)
  expect(
    sum(found, file => !isConnecting(file)),
    told,
  ).toBeLessThan(75_000)
})
