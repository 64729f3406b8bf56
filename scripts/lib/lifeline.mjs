/**
 * Nothing that a run has started outlives it, however the run ends: also by SIGKILL, of itself or of the npm above it.
 *
 * Everything a run starts inherits a mark in its environment. A reaper (`reaper.mjs`) holds one end of a pipe, the run
 * the other. The system closes the pipe when the run is gone; the reaper then ends whatever still bears the mark, servers
 * and browsers that Playwright has put into sessions of their own included, and removes the run's folder for temporary
 * files. It needs Linux's `/proc`; elsewhere the files are removed, and processes are left to the terminal's own signals.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inRoot } from './root.mjs'

/** How soon a run notices that the npm which started it was killed. */
const LOOK_FOR_PARENT_MS = 500

/** @type {{ FLOTILLA_RUN: string, TMPDIR: string } | undefined} */
let mark

/** What the environment of every process must hold that this run starts. The first call starts the reaper. */
export function lifeline() {
  mark ??= begin()
  return mark
}

function begin() {
  const { FLOTILLA_RUN: outer, ...env } = process.env
  const run = randomUUID()
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-'))
  const reaper = spawn(process.execPath, [inRoot('scripts', 'lib', 'reaper.mjs'), run, folder], {
    // In a session of its own, where Ctrl-C does not reach it, and without the mark that it looks for.
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  reaper.unref()
  const pipe = reaper.stdin
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref()
  // A reaper that could not start is no reason not to run.
  reaper.on('error', () => {})
  pipe.on('error', () => {})
  if (process.env.npm_lifecycle_event !== undefined) endWithParent()
  // A run within a run bears the marks of both.
  return { FLOTILLA_RUN: outer === undefined ? run : `${outer} ${run}`, TMPDIR: folder }
}

/** npm passes signals on, but cannot pass on its own SIGKILL; and the shell between npm and us does not mind. */
function endWithParent() {
  const { ppid } = process
  const shellsParent = parentOf(ppid)
  const look = () => {
    if (process.ppid !== ppid || parentOf(ppid) !== shellsParent) process.kill(process.pid, 'SIGKILL')
  }
  setInterval(look, LOOK_FOR_PARENT_MS).unref()
}

/**
 * @param {number} pid
 * @returns {string | undefined} undefined where there is no `/proc`
 */
function parentOf(pid) {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
