/** `node reaper.mjs <mark> <folder>`: waits until its stdin closes, then ends what bears the mark. See `lifeline.mjs`. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const [, , mark = '', folder = ''] = process.argv

/** So long may a process take to end by itself once it is asked to. */
const GRACE_MS = 1_500
/** What cannot be killed for so long never will be. */
const GIVE_UP_MS = 30_000
const LOOK_EVERY_MS = 100

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
process.stdin.on('error', reap).on('close', reap).resume()

let reaping = false

async function reap() {
  if (reaping) return
  reaping = true
  const begun = performance.now()
  const asked = new Set()
  for (let rest = marked(); rest.length > 0; rest = marked()) {
    const took = performance.now() - begun
    if (took > GIVE_UP_MS) break
    for (const pid of rest) {
      if (took > GRACE_MS) signal(pid, 'SIGKILL')
      else if (!asked.has(pid)) signal(pid, 'SIGTERM')
      asked.add(pid)
    }
    await pause(LOOK_EVERY_MS)
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}

/** Every process with the mark in its environment; none where there is no `/proc`. */
function marked() {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter(pid => pid > 0 && bearsMark(pid))
  } catch {
    return []
  }
}

/** @param {number} pid */
function bearsMark(pid) {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return environment.some(variable => variable.startsWith('FLOTILLA_RUN=') && variable.includes(mark))
  } catch {
    // It has ended, or is somebody else's.
    return false
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
