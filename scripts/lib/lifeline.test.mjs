import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, onTestFinished, test } from 'vitest'
import { inRoot } from './root.mjs'

const [node, run] = [process.execPath, inRoot('scripts', 'lib', 'fixtures', 'run-with-servers.mjs')]

describe.runIf(existsSync('/proc'))('a run leaves no server and no temporary files behind', () => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    test(`when it gets ${signal}`, async () => {
      const child = start(node, [run])
      const server = await announced(child)
      child.kill(signal)
      await gone(server)
    })
  }

  test('when it is killed, not even one that does not listen to SIGTERM', async () => {
    const child = start(node, [run], { STUBBORN: 'yes' })
    const server = await announced(child)
    child.kill('SIGKILL')
    await gone(server)
  })

  test('when the npm that started it is killed', async () => {
    // npm gives a script its name in the environment, and starts it by a shell, which may stay.
    const shell = `'${node}' '${run}'; exit`
    const npm = `require('node:child_process').spawn('sh', ['-c', process.argv[1]], { stdio: 'inherit' })`
    const child = start(node, ['-e', npm, shell], { npm_lifecycle_event: 'test' })
    const server = await announced(child)
    child.kill('SIGKILL')
    await gone(server)
  })
})

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function start(program, args, env = {}) {
  const { npm_lifecycle_event: _, ...inherited } = process.env
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...inherited, ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, null>} child
 * @returns {Promise<{ pid: number, folder: string }>}
 */
async function announced(child) {
  const [line] = await once(createInterface(child.stdout), 'line')
  return JSON.parse(line)
}

/** @param {{ pid: number, folder: string }} server */
async function gone({ pid, folder }) {
  while (existsSync(`/proc/${pid}`) || existsSync(folder)) await pause(20)
}
