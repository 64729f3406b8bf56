/**
 * Builds a package's `dist`: JavaScript, types and maps of its entry points and all that these import, so neither tests nor
 * what only tests use. The packages of this repository that it depends on are built before it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Refusal } from './fail.mjs'
import { inRoot } from './root.mjs'
import { run, tool } from './run.mjs'

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {boolean} [private]
 * @property {Record<string, string | Record<string, string>>} [exports]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 */

/**
 * @param {string} folder of the package
 * @param {Set<string>} [built] what need not be built again
 */
export async function buildPackage(folder, built = new Set()) {
  const manifest = readManifest(folder)
  if (built.has(manifest.name)) return
  built.add(manifest.name)
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (name.startsWith('@flotilla/')) await buildPackage(inRoot('packages', name.slice('@flotilla/'.length)), built)
  }

  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  const config = writeConfig(folder, manifest)
  if ((await run(tool('typescript', ['-p', config]))) !== 0) throw new Refusal(`${manifest.name} does not build.`)
}

/**
 * The package's own compiler options, for what it publishes only, and with its dependencies as they are published.
 *
 * @param {string} folder
 * @param {Manifest} manifest
 */
function writeConfig(folder, manifest) {
  const home = inRoot('node_modules', '.cache', 'build')
  mkdirSync(home, { recursive: true })
  const config = join(home, `${manifest.name.replace('/', '-')}.json`)
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
  const ambient = sources.filter(file => file.endsWith('.d.ts')).map(file => join('src', file))
  const content = {
    extends: join(folder, 'tsconfig.json'),
    compilerOptions: {
      composite: false,
      customConditions: [],
      rootDir: join(folder, 'src'),
      outDir: join(folder, 'dist'),
    },
    files: [...entryPoints(manifest), ...ambient].map(file => join(folder, file)),
    include: [],
    references: [],
  }
  writeFileSync(config, JSON.stringify(content, undefined, 2))
  return config
}

/**
 * The sources of everything that somebody else can import or run.
 *
 * @param {Manifest} manifest
 */
export function entryPoints({ exports = {}, bin = {} }) {
  const imported = Object.values(exports).flatMap(entry =>
    typeof entry === 'object' && entry.default !== undefined && entry.source !== undefined ? [entry.source] : [],
  )
  const run = Object.values(bin).map(file => file.replace('dist/', 'src/').replace(/\.js$/, '.ts'))
  return [...new Set([...imported, ...run])]
}

/** Every package that is for others, as paths of folders. */
export function publicPackages() {
  return readdirSync(inRoot('packages'))
    .map(name => inRoot('packages', name))
    .filter(folder => readManifest(folder).private !== true)
    .sort()
}

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) throw new Refusal(`${relative(inRoot(), folder)} is no package: it has no package.json`)
  return JSON.parse(readFileSync(file, 'utf8'))
}
