import { describe, expect, it } from 'vitest'
import { encodeFrame } from '../wire/codec.ts'
import type { Proposal } from '../wire/frame.ts'
import { MAX_ENTRY_DATA_BYTES, MAX_INTEGER, MAX_PROPOSALS_PER_FRAME } from '../wire/limits.ts'
import { inFrames, proposalsIn } from './proposal-frames.ts'

const ofBytes = (...lengths: number[]): Proposal[] =>
  lengths.map((length, i) => ({ request: MAX_INTEGER - i, data: new Uint8Array(length) }))

describe('proposals in frames', () => {
  it('are as few frames as hold them, in their order, each no longer than a frame may be', () => {
    const half = MAX_ENTRY_DATA_BYTES / 2
    const proposals = ofBytes(
      5,
      6,
      half,
      half,
      MAX_ENTRY_DATA_BYTES,
      7,
      ...new Array<number>(MAX_PROPOSALS_PER_FRAME).fill(1),
    )
    const frames = inFrames(proposals)
    expect(frames.map(frame => proposalsIn(frame).length)).toEqual([3, 1, 1, MAX_PROPOSALS_PER_FRAME, 1])
    expect(frames.flatMap(proposalsIn).map(({ request }) => request)).toEqual(proposals.map(({ request }) => request))
    for (const body of frames) expect(() => encodeFrame({ clusterId: '0'.repeat(32), body })).not.toThrow()
  })

  it('that are alone are not many', () => {
    expect(inFrames(ofBytes(3)).map(({ kind }) => kind)).toEqual(['propose'])
    expect(inFrames([])).toEqual([])
  })
})
