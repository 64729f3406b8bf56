/**
 * For Vite: `virtual:switchable-core` is a copy of core in which each rule of the Lab can be switched off, run by run. It is
 * made of core's own sources when the page is built or a test runs, so the shipped core has no switch for any mistake, and
 * a patch that no longer fits stops the build.
 */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Patch } from '../planted/bug.ts'
import { carrier, rulePatches } from './rule-patches.ts'

const coreSources = fileURLToPath(new URL('../../../core/src/', import.meta.url))
const mark = '.switchable.ts'

interface Plugin {
  readonly name: string
  readonly enforce: 'pre'
  resolveId(id: string, importer: string | undefined): string | undefined
  load(id: string): string | undefined
}

export function switchableCore(sources = coreSources): Plugin {
  const patches = [...carrier, ...Object.values(rulePatches).flat()]
  return {
    name: 'switchable-core',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id === 'virtual:switchable-core') return join(sources, `index${mark}`)
      if (importer?.endsWith(mark) !== true || !id.startsWith('./')) return undefined
      return join(dirname(importer), id.replace(/\.ts$/, mark))
    },
    load(id) {
      if (!id.endsWith(mark)) return undefined
      const file = `${basename(id).slice(0, -mark.length)}.ts`
      return patched(file, readFileSync(join(dirname(id), file), 'utf8'), patches)
    },
  }
}

/** @throws Error if a patch does not fit the source any more. */
export function patched(file: string, source: string, patches: readonly Patch[]): string {
  let text = source
  for (const { file: where, from, to } of patches) {
    if (where !== file) continue
    const found = text.split(from).length - 1
    if (found !== 1) throw new Error(`core's ${file} has this ${found} times, not once:\n${from}`)
    text = text.replace(from, () => to)
  }
  return text
}
