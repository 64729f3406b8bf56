/** Runs other programs: npm itself, and the tools that npm installed, the same way on every system. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from './fail.mjs'
import { lifeline } from './lifeline.mjs'
import { inRoot, root } from './root.mjs'

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] default: the repository
 * @property {Record<string, string>} [env] added to this process's own
 * @property {(line: string) => void} [onLine] receives stdout line by line; without it the terminal does
 * @property {number} [stallMs] give up after this long without any output (only with `onLine`)
 */

/**
 * Runs a program to its end and resolves with its exit code; 1 if it was killed or could not start. Its stderr goes to the
 * terminal. Neither it nor anything it starts outlives this process.
 *
 * @param {readonly [string, ...string[]]} command
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function run([program, ...args], { cwd = root, env = {}, onLine, stallMs } = {}) {
  return new Promise(resolve => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...lifeline(), ...env },
      stdio: ['ignore', onLine ? 'pipe' : 'inherit', 'inherit'],
    })
    const kill = () => child.kill('SIGKILL')
    let stall = stallMs === undefined ? undefined : setTimeout(kill, stallMs)
    let rest = ''
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      if (stall !== undefined) {
        clearTimeout(stall)
        stall = setTimeout(kill, stallMs)
      }
      const lines = (rest + text).split(/\r?\n/)
      rest = lines.pop() ?? ''
      for (const line of lines) onLine?.(line)
    })
    child.on('error', error => {
      clearTimeout(stall)
      console.error(`cannot run ${program}: ${error.message}`)
      resolve(1)
    })
    child.on('close', code => {
      clearTimeout(stall)
      if (rest !== '') onLine?.(rest)
      resolve(code ?? 1)
    })
  })
}

/**
 * The command that runs a tool of node_modules. Its JavaScript is started by this very Node: no shell, no `.cmd` files.
 *
 * @param {string} packageName
 * @param {readonly string[]} args
 * @returns {[string, ...string[]]}
 */
export function tool(packageName, args) {
  const folder = inRoot('node_modules', packageName)
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) throw new Refusal(`${packageName} is not installed. Run: npm ci`)
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
  const file = typeof bin === 'string' ? bin : String(Object.values(bin)[0])
  return [process.execPath, join(folder, file), ...args]
}

/**
 * The command that runs npm: the very one that started us, if one did.
 *
 * @param {readonly string[]} args
 * @returns {[string, ...string[]]}
 */
export function npm(args) {
  const own = process.env.npm_execpath
  return own?.endsWith('npm-cli.js') ? [process.execPath, own, ...args] : ['npm', ...args]
}
