/** Which file of ours imports which, types included, and what must not be: circles, and imports that run up a floor. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * From each source to the sources it imports, as paths from one folder.
 *
 * @typedef {ReadonlyMap<string, readonly string[]>} ImportGraph
 */

/** As our formatter leaves them: at the beginning of a line, or called. */
const IMPORTS = /^(?:import|export)\b[^'"`;]*?\bfrom '(\.[^']+)'|^import '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm

/**
 * The relative imports of every TypeScript file under a folder, but for tests, their fixtures and declarations.
 *
 * @param {string} folder
 * @returns {ImportGraph}
 */
export function importGraph(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(file => file.split(sep).join('/'))
  const sources = files.filter(file => /\.tsx?$/.test(file) && !/\.d\.ts$|\.test\.tsx?$|(^|\/)fixtures\//.test(file))
  return new Map(sources.map(file => [file, importsOf(file, readFileSync(join(folder, file), 'utf8'))]))
}

/**
 * @param {string} file
 * @param {string} text what it holds
 */
export function importsOf(file, text) {
  return [...text.matchAll(IMPORTS)].map(([, from, effect, called]) =>
    relative('.', join(dirname(file), from ?? effect ?? called ?? ''))
      .split(sep)
      .join('/'),
  )
}

/**
 * Groups of files each of which reaches all the others, and itself, by imports (Tarjan's strongly connected components).
 *
 * @param {ImportGraph} graph
 * @returns {string[][]}
 */
export function circles(graph) {
  /** @type {Map<string, { order: number, lowest: number, open: boolean }>} */
  const seen = new Map()
  /** @type {string[]} */
  const open = []
  /** @type {string[][]} */
  const found = []

  const visit = (/** @type {string} */ file) => {
    const mine = { order: seen.size, lowest: seen.size, open: true }
    seen.set(file, mine)
    open.push(file)
    for (const imported of graph.get(file) ?? []) {
      if (!graph.has(imported)) continue
      const theirs = seen.get(imported) ?? visit(imported)
      if (theirs.open) mine.lowest = Math.min(mine.lowest, theirs.lowest)
    }
    if (mine.lowest === mine.order) close(file)
    return mine
  }
  const close = (/** @type {string} */ first) => {
    const group = open.splice(open.indexOf(first))
    for (const file of group) {
      const visited = seen.get(file)
      if (visited !== undefined) visited.open = false
    }
    if (group.length > 1 || graph.get(first)?.includes(first)) found.push(group.sort())
  }
  for (const file of graph.keys()) if (!seen.has(file)) visit(file)
  return found
}
