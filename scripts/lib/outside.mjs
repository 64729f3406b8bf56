/**
 * What somebody outside this repository has of it: the tarballs of its packages, and an empty folder with those installed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { publicPackages, readManifest } from './build-package.mjs'
import { Refusal } from './fail.mjs'
import { npm, run } from './run.mjs'

/** @typedef {{ name: string, folder: string, tarball: string, files: string[] }} Packed */

/**
 * Packs every public package, as `npm publish` would.
 *
 * @param {string} into an existing folder
 * @returns {Promise<Packed[]>}
 */
export async function packAll(into) {
  const packed = []
  for (const folder of publicPackages()) {
    /** @type {string[]} */
    const lines = []
    const code = await run(npm(['pack', '--json', '--pack-destination', into]), {
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
