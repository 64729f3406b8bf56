/** The files of `examples/traces`, and the writers that docs/trace-format.md shows, in the languages that are here. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readTrace } from './file.ts'
import { judge } from './judge.ts'

const folder = fileURLToPath(new URL('../../../examples/traces', import.meta.url))

const broken = (text: string): readonly string[] =>
  judge(readTrace(text)).flatMap(({ property, violations }) => (violations.length > 0 ? [property] : []))

describe('the example traces', () => {
  it.each([
    ['correct', []],
    ['figure-8', ['Only the own term is counted', 'Leader Completeness', 'State Machine Safety']],
    ['forgets-its-vote', ['One vote a term']],
    ['late-append', ['Leader Completeness', 'State Machine Safety']],
    ['longer-log-wins', ['Election restriction', 'Leader Completeness']],
  ])('%s breaks %j', (name, properties) => {
    expect(broken(readFileSync(join(folder, `${name}.jsonl`), 'utf8'))).toEqual(properties)
  })
})

const isHere = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0

describe('a trace written in another language is read', () => {
  const expectTrace = (text: string): void => {
    const trace = readTrace(text)
    expect(trace.voters).toEqual(['A', 'B', 'C'])
    expect(trace.events.map(({ type }) => type).join(' ')).toBe(
      'role vote sent delivered vote role appended appended committed',
    )
    expect(broken(text)).toEqual([])
  }
  const writer = (name: string): string => join(folder, 'writers', name)

  it.skipIf(!isHere('python3', '--version'))('Python', () => {
    expectTrace(execFileSync('python3', [writer('trace.py')], { encoding: 'utf8' }))
  })

  it.skipIf(!isHere('go', 'version'))('Go', () => {
    expectTrace(execFileSync('go', ['run', writer('trace.go')], { encoding: 'utf8' }))
  })

  it.skipIf(!isHere('rustc', '--version'))('Rust', () => {
    const build = mkdtempSync(join(tmpdir(), 'flotilla-trace-'))
    try {
      execFileSync('rustc', ['-o', join(build, 'trace'), writer('trace.rs')], { stdio: 'ignore' })
      expectTrace(execFileSync(join(build, 'trace'), { encoding: 'utf8' }))
    } finally {
      rmSync(build, { recursive: true, force: true })
    }
  })
})
