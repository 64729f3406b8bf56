/**
 * A copy of core with one mistake in it. Made of core's own sources at the moment of the test, so that the shipped core has
 * no switch for any bug, and a bug that no longer applies to the sources says so.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { RaftConfig } from '@flotilla/core'
import { realRaft } from '../driver/run.ts'
import type { MakeRaft, RaftLike } from '../world/node.ts'
import type { Patch, PlantedBug } from './bug.ts'

const coreSources = fileURLToPath(new URL('../../../core/src', import.meta.url))

/** A core that makes this mistake. @throws Error if a patch does not fit the sources any more. */
export async function coreWith(bug: PlantedBug): Promise<MakeRaft> {
  const core = bug.patches.length === 0 ? realRaft : await patchedCore(bug.patches)
  return bug.wrap?.(core) ?? core
}

async function patchedCore(patches: readonly Patch[]): Promise<MakeRaft> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-core-'))
  try {
    cpSync(coreSources, folder, { recursive: true, filter: path => !path.endsWith('.test.ts') })
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    for (const [file, text] of patchedSources(patches)) writeFileSync(join(folder, file), text)
    const url = pathToFileURL(join(folder, 'index.ts')).href
    const { Raft }: { Raft: new (config: RaftConfig) => RaftLike } = await import(/* @vite-ignore */ url)
    return setup => new Raft(setup)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The changed files, by name. */
export function patchedSources(patches: readonly Patch[]): Map<string, string> {
  const sources = new Map<string, string>()
  for (const { file, from, to } of patches) {
    const text = sources.get(file) ?? readFileSync(join(coreSources, file), 'utf8')
    const found = text.split(from).length - 1
    if (found !== 1) throw new Error(`core's ${file} has this ${found} times, not once:\n${from}`)
    sources.set(
      file,
      text.replace(from, () => to),
    )
  }
  return sources
}
