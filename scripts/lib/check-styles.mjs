/** What the lint stage adds to Biome for style sheets: every rule is in one of the layers of apps/look/layers.css, which say what is stronger. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from './root.mjs'

/** @returns {string[]} what is wrong, a sentence each */
export function checkStyles() {
  const layers = layersIn(readFileSync(inRoot('apps', 'look', 'layers.css'), 'utf8'))
  return sheets('apps')
    .filter(file => !file.endsWith('look/layers.css'))
    .flatMap(file => outsideLayers(readFileSync(inRoot(file), 'utf8'), layers).map(what => `${file}: ${what}`))
}

/**
 * @param {string} text
 * @returns {readonly string[]} in the order in which they are said, the weakest first
 */
export const layersIn = text =>
  /@layer ([\w\s,]+);/
    .exec(text)?.[1]
    ?.split(',')
    .map(name => name.trim()) ?? []

/**
 * @param {string} text of a style sheet
 * @param {readonly string[]} layers that there are
 * @returns {string[]}
 */
export function outsideLayers(text, layers) {
  const wrong = []
  for (const head of topLevel(text.replace(/\/\*.*?\*\//gs, ''))) {
    const layer = /^@layer (\w+)$/.exec(head)?.[1]
    if (layer === undefined) wrong.push(`“${head}” is in no layer, and so beats all that are`)
    else if (!layers.includes(layer)) wrong.push(`there is no layer “${layer}”`)
  }
  return wrong
}

/** @param {string} text without comments */
function topLevel(text) {
  const heads = []
  let depth = 0
  let head = ''
  for (const sign of text) {
    if (sign === '}') depth -= 1
    else if (sign === '{' && depth++ === 0) {
      heads.push(head.trim())
      head = ''
    } else if (depth === 0) head += sign
  }
  if (head.trim() !== '') heads.push(head.trim())
  return heads
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sheets(folder) {
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return /^(node_modules|dist.*)$/.test(entry.name) ? [] : sheets(path)
    return entry.name.endsWith('.css') ? [path] : []
  })
}
