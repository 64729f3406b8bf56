/** What the lint stage adds to Biome: no circles of imports anywhere, and floors where the docs show them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { againstFloors, readFloors } from './floors.mjs'
import { circles, importGraph } from './imports.mjs'
import { inRoot } from './root.mjs'

/** Where the floors of a package are shown; core's table begins at the bottom, with what is read first. */
const shown = [
  { folder: 'packages/core/src', doc: 'docs/core.md', heading: '## Which file is which section', bottomFirst: true },
  {
    folder: 'packages/cluster/src',
    doc: 'docs/architecture.md',
    heading: '### The rooms of cluster',
    bottomFirst: false,
  },
  {
    folder: 'packages/simulator/src',
    doc: 'docs/architecture.md',
    heading: '### The rooms of the simulator',
    bottomFirst: false,
  },
]

/** @returns {string[]} what is wrong, a sentence each */
export function checkImports() {
  const wrong = []
  for (const folder of sourceFolders()) {
    const graph = importGraph(inRoot(folder))
    for (const circle of circles(graph))
      wrong.push(`${folder}: these import each other in a circle: ${circle.join(', ')}`)
    for (const { doc, heading, bottomFirst } of shown.filter(each => each.folder === folder)) {
      const floors = readFloors(readFileSync(inRoot(doc), 'utf8'), heading)
      const problems = againstFloors(graph, bottomFirst ? [...floors].reverse() : floors)
      wrong.push(...problems.map(problem => `${folder}: ${problem} (${doc}, “${heading.replace(/^#+ /, '')}”)`))
    }
  }
  return wrong
}

function sourceFolders() {
  const packages = ['packages', 'apps'].flatMap(home => readdirSync(inRoot(home)).map(name => `${home}/${name}/src`))
  return [...packages, 'e2e'].filter(folder => existsSync(inRoot(folder)))
}
