/**
 * The certificate for this machine's address on its network. A page that is not served over HTTPS may not store keys, hold
 * locks or encrypt, and cannot be a node. Nobody vouches for a certificate made here, so each browser asks once; it is kept,
 * so that it asks once only.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Refusal } from './fail.mjs'

/** @typedef {{ cert: string, key: string }} Certificate */

/** Browsers refuse those that last longer. */
const LASTS_DAYS = 397
const DAY_MS = 24 * 60 * 60 * 1_000

/**
 * The one that a user names. Throws a Refusal if it cannot be used.
 *
 * @param {string} certFile
 * @param {string} keyFile
 * @returns {Certificate}
 */
export function givenCertificate(certFile, keyFile) {
  const certificate = { cert: read(certFile), key: read(keyFile) }
  try {
    if (!new X509Certificate(certificate.cert).checkPrivateKey(createPrivateKey(certificate.key)))
      throw new Error('no pair')
  } catch {
    throw new Refusal(`${certFile} and ${keyFile} are not a certificate and its key, both as PEM.`)
  }
  return certificate
}

/**
 * The one in `folder`, or a new one, which is left there.
 *
 * @param {string} folder
 * @param {readonly string[]} addresses this machine's on its networks
 * @returns {Promise<Certificate>}
 */
export async function keptCertificate(folder, addresses) {
  const files = { cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') }
  if (existsSync(files.cert) && existsSync(files.key)) {
    const kept = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
    if (lastsOn(kept.cert)) return kept
  }
  const { generate } = await import('selfsigned')
  const names = ['localhost', hostname()].map(value => ({ type: /** @type {const} */ (2), value }))
  const ips = ['127.0.0.1', ...addresses].map(ip => ({ type: /** @type {const} */ (7), ip }))
  const made = await generate([{ name: 'commonName', value: `Flotilla on ${hostname()}` }], {
    algorithm: 'sha256',
    keySize: 2048,
    notAfterDate: new Date(Date.now() + LASTS_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...names, ...ips] },
    ],
  })
  mkdirSync(folder, { recursive: true })
  writeFileSync(files.key, made.private, { mode: 0o600 })
  chmodSync(files.key, 0o600)
  writeFileSync(files.cert, made.cert)
  return { cert: made.cert, key: made.private }
}

/** @param {string} cert */
function lastsOn(cert) {
  try {
    return new Date(new X509Certificate(cert).validTo).getTime() > Date.now() + DAY_MS
  } catch {
    return false
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Refusal(`${file} cannot be read.`)
  }
}
