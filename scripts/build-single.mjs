/** `npm run build:single`: Learn and the Lab as one HTML file that opens from a disk, without a server and without a network. */
import './lib/node-version.mjs'
import { copyFileSync, statSync } from 'node:fs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { inRoot } from './lib/root.mjs'

main(async () => {
  await ensureInstalled()
  const { build } = await import('vite')
  await build({ root: inRoot('apps', 'visualizer'), mode: 'single', logLevel: 'warn' })
  const file = inRoot('apps', 'visualizer', 'dist-single', 'flotilla.html')
  copyFileSync(inRoot('apps', 'visualizer', 'dist-single', 'index.html'), file)
  console.log(`${file} (${Math.round(statSync(file).size / 1000)} kB): open it in a browser, or put it on a stick.`)
  return 0
})
