/** Messages travel as the bytes that real nodes exchange, so that every run also tests the codec. */
import { decodeFrame, encodeFrame } from '@flotilla/cluster'
import type { Codec } from './world.ts'

const clusterId = '5eed0000000000000000000000000000'

export const wireCodec: Codec = {
  encode: (message, sequence) => encodeFrame({ clusterId, body: { kind: 'raft', sequence, message } }),
  decode: (bytes, from, to) => {
    const decoded = decodeFrame(bytes, from, to)
    return decoded.ok && decoded.value.body.kind === 'raft' ? decoded.value.body.message : undefined
  },
}
