/**
 * What somebody outside this repository has of it: the tarballs of its packages, and an empty folder with those installed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildPackage, publicPackages, readManifest } from './build-package.mjs'
import { Refusal } from './fail.mjs'
import { inRoot } from './root.mjs'
import { npm, run } from './run.mjs'

/** @typedef {{ name: string, folder: string, tarball: string, files: string[] }} Packed */

/**
 * Packs packages, as `npm publish` would.
 *
 * @param {string} into an existing folder
 * @param {readonly string[]} [folders] of the packages; by default all that are public
 * @returns {Promise<Packed[]>}
 */
export async function packAll(into, folders = publicPackages()) {
  const packed = []
  const built = new Set()
  for (const folder of folders) {
    // What each one's `prepack` does, but what several stand on only once.
    await buildPackage(folder, built)
    /** @type {string[]} */
    const lines = []
    const code = await run(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', into]), {
      cwd: folder,
      onLine: line => lines.push(line),
    })
    const { name } = readManifest(folder)
    if (code !== 0) throw new Refusal(`${name} cannot be packed:\n${lines.join('\n')}`)
    const [{ filename, files }] = JSON.parse(lines.slice(lines.indexOf('[')).join('\n'))
    packed.push({
      name,
      folder,
      tarball: join(into, filename),
      files: files.map((/** @type {{ path: string }} */ file) => file.path),
    })
  }
  return packed
}

/**
 * The folders of these packages, and of all of this repository that they stand on.
 *
 * @param {readonly string[]} names as in `@flotilla/name`
 */
export function withDependencies(names) {
  const known = publicPackages()
  /** @type {Set<string>} */
  const folders = new Set()
  const add = (/** @type {string} */ name) => {
    const folder = inRoot('packages', name)
    if (!known.includes(folder))
      throw new Refusal(`There is no package ${name}. There are: ${known.map(each => basename(each)).join(', ')}`)
    if (folders.has(folder)) return
    folders.add(folder)
    const { dependencies = {} } = readManifest(folder)
    for (const each of Object.keys(dependencies))
      if (each.startsWith('@flotilla/')) add(each.slice('@flotilla/'.length))
  }
  for (const name of names) add(name)
  return [...folders].sort()
}

/**
 * Makes a project that depends on all of them, and on nothing else.
 *
 * @param {string} folder
 * @param {readonly Packed[]} packed
 */
export async function installOutside(folder, packed) {
  mkdirSync(folder, { recursive: true })
  const dependencies = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const manifest = { name: 'outside', private: true, type: 'module', dependencies }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const code = await run(npm(['install', '--no-audit', '--no-fund', '--prefer-offline']), {
    cwd: folder,
    onLine: () => {},
  })
  if (code !== 0) throw new Refusal('the packed packages cannot be installed; npm’s own words are above')
}

/**
 * The first TypeScript in a package's README.
 *
 * @param {Packed} packed
 */
export function firstExample({ folder }) {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  return /```ts\n([\s\S]*?)```/.exec(readme)?.[1]
}

/**
 * Entry points that are there with the `source` condition only, for this repository.
 *
 * @param {string} folder of the package
 */
export function onlyForUs(folder) {
  const entries = Object.entries(readManifest(folder).exports ?? {})
  return entries.filter(([, entry]) => typeof entry === 'object' && entry.default === undefined).map(([path]) => path)
}

/** @param {Packed} packed */
export const shortName = ({ folder }) => basename(folder)
