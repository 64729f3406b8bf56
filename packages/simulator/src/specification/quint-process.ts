/** Runs Quint, which others have made, in a folder with a copy of the specification. */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Ran {
  readonly code: number
  readonly text: string
}

export class QuintProcess {
  readonly #folder: string
  readonly #specification: string

  /** @param specification where the specification is, and Quint's node_modules */
  constructor(specification: string, folder: string) {
    this.#specification = specification
    this.#folder = folder
  }

  /** A folder of its own, with the specification in it; `mutate` may change its files. */
  prepare(name: string, mutate: (file: string, text: string) => string = (_file, text) => text): string {
    const folder = join(this.#folder, name)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const file of readdirSync(this.#specification).filter(file => file.endsWith('.qnt'))) {
      cpSync(join(this.#specification, file), join(folder, file))
      writeFileSync(join(folder, file), mutate(file, readFileSync(join(this.#specification, file), 'utf8')))
    }
    return folder
  }

  run(cwd: string, args: readonly string[]): Promise<Ran> {
    const script = join(this.#specification, 'node_modules/@informalsystems/quint/dist/src/cli.js')
    return new Promise(resolve => {
      const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      child.on('close', code => resolve({ code: code ?? 1, text }))
      child.on('error', error => resolve({ code: 1, text: error.message }))
    })
  }
}
