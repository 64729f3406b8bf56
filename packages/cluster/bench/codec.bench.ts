/**
 * The codec beside what the platform has: bytes of each frame, and the time to write and to read it, for the messages that
 * a busy cluster is made of. JSON gets its payloads as base64; `structuredClone` copies the same objects without any bytes.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

interface Measured {
  readonly name: string
  /** What the frame is there to carry: entries' commands, a snapshot's chunk. All else is overhead. */
  readonly payloadBytes: number
  readonly bytes: number
  readonly jsonBytes: number
  /** Nanoseconds, medians. */
  readonly encode: number
  readonly decode: number
  readonly stringify: number
  readonly parse: number
  readonly clone: number
}

// What users run is what is measured: core and cluster as they are packed, without a loader's marks.
for (const name of ['core', 'cluster']) {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../../scripts/build.mjs')], {
    cwd: join(import.meta.dirname, '../..', name),
    stdio: 'ignore',
  })
}

const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'codec.mjs')]).toString()
for (const { name, ...of } of JSON.parse(printed) as Measured[]) {
  report(`codec/bytes/${name}`, of.bytes, 'B', of.jsonBytes, 'JSON with base64')
  const beyond = of.bytes - of.payloadBytes
  if (of.payloadBytes > 0)
    report(`codec/overhead/${name}`, beyond, 'B', of.jsonBytes - of.payloadBytes, 'JSON with base64')
  report(`codec/encode/${name}`, of.encode, 'ns', of.stringify, 'JSON.stringify with base64')
  report(`codec/decode/${name}`, of.decode, 'ns', of.parse, 'JSON.parse with base64')
  report(`codec/both-ways/${name}`, of.encode + of.decode, 'ns', of.clone, 'structuredClone')
}

function report(name: string, value: number, unit: string, other: number, against: string): void {
  const ratio = Math.round((value / other) * 1000) / 1000
  console.log(JSON.stringify({ name, value: Math.round(value), unit, ratio, against }))
}
