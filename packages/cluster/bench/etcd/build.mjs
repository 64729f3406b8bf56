/**
 * The program that measures etcd's raft, compiled from this folder against Debian's sources of etcd, which are installed
 * where they are missing and we may. etcd is no dependency: it is only run.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { canInstallPackages, installPackages } from '../../../../scripts/lib/debian.mjs'
import { candidates, starts } from '../../../../scripts/lib/executable.mjs'
import { inRoot } from '../../../../scripts/lib/root.mjs'

const PACKAGES = ['golang-go', 'golang-etcd-server-dev']
/** Debian's Go libraries, as sources. */
const GOPATH = '/usr/share/gocode'

/** @returns {Promise<string | undefined>} the program; undefined if there is no Go or no etcd, which has been said then */
export async function buildEtcd() {
  if (!isInstalled() && canInstallPackages) await installPackages(PACKAGES)
  const go = findGo()
  if (go === undefined || !isInstalled()) {
    console.log(
      `etcd's raft is not measured, only core: it needs Go and etcd's sources (Debian: ${PACKAGES.join(', ')})`,
    )
    return undefined
  }
  const program = inRoot('node_modules/.cache/flotilla-bench/etcd')
  const env = { ...process.env, GO111MODULE: 'off', GOPATH, GOFLAGS: '' }
  execFileSync(go, ['build', '-o', program, '.'], { cwd: import.meta.dirname, env, stdio: 'inherit' })
  return program
}

function isInstalled() {
  return findGo() !== undefined && existsSync(join(GOPATH, 'src/go.etcd.io/etcd/raft/rawnode.go'))
}

function findGo() {
  return candidates(process.env.PATH ?? '', ['go']).find(file => starts(file, 'version'))
}
