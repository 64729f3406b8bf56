/**
 * The floors of a package: its rooms, from top to bottom, as a table of the docs shows them. A file may import from its own
 * floor and from those below. A room is a folder (`node/`) or a file; the longest name that fits is a file's room.
 */

/** @typedef {readonly (readonly string[])[]} Floors the names on each floor, the top one first */

/**
 * Reads the first table under a heading: the code words in the first column of each row are the rooms of a floor.
 *
 * @param {string} markdown
 * @param {string} heading the whole line
 * @returns {Floors}
 */
export function readFloors(markdown, heading) {
  const lines = markdown.split('\n')
  const start = lines.indexOf(heading)
  if (start === -1) throw new Error(`there is no “${heading}”`)
  const table = lines.slice(lines.findIndex((line, i) => i > start && line.startsWith('|---')) + 1)
  const end = table.findIndex(line => !line.startsWith('|'))
  return table
    .slice(0, end === -1 ? undefined : end)
    .map(row => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

/**
 * What is wrong with a package's imports, a sentence each. Its `index.ts` is above all floors.
 *
 * @param {import('./imports.mjs').ImportGraph} graph
 * @param {Floors} floors
 */
export function againstFloors(graph, floors) {
  const floorOf = (/** @type {string} */ file) => {
    if (file === 'index.ts') return -1
    const rooms = floors.flatMap((names, floor) => names.map(name => ({ name, floor })))
    const fitting = rooms.filter(({ name }) => (name.endsWith('/') ? file.startsWith(name) : file === name))
    return fitting.sort((a, b) => b.name.length - a.name.length)[0]?.floor
  }
  /** @type {string[]} */
  const wrong = []
  for (const [file, imports] of graph) {
    const floor = floorOf(file)
    if (floor === undefined) {
      wrong.push(`${file} is on no floor`)
      continue
    }
    for (const imported of imports) {
      const below = floorOf(imported)
      if (below !== undefined && below < floor) wrong.push(`${file} imports ${imported}, which is above it`)
    }
  }
  for (const name of floors.flat()) {
    if (![...graph.keys()].some(file => (name.endsWith('/') ? file.startsWith(name) : file === name)))
      wrong.push(`there is no ${name}, though it has a floor`)
  }
  return wrong
}
