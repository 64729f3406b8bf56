import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/**
 * Lets every style sheet say the order of layers first. Whichever a browser meets first settles it, and which that is, a build decides:
 * that of a part comes before that of the page if two doors share the part.
 */
export function layers(): Plugin {
  const order = readFileSync(fileURLToPath(new URL('layers.css', import.meta.url)), 'utf8')
    .replace(/\/\*.*?\*\//gs, '')
    .trim()
  return {
    name: 'flotilla-layers',
    enforce: 'pre',
    // In front of the first line: no other moves, and every source map stays as it is.
    transform: { filter: { id: /\.css$/ }, handler: code => ({ code: order + code, map: null }) },
  }
}
