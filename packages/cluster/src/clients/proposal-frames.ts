/** Proposals on their way to the leader: as few frames as hold them, in their order; and what is in one. */
import type { Proposal, ProposeAllFrame, ProposeFrame } from '../wire/frame.ts'
import { MAX_PROPOSALS_BYTES, MAX_PROPOSALS_PER_FRAME, PROPOSAL_OVERHEAD_BYTES } from '../wire/limits.ts'

export function inFrames(proposals: readonly Proposal[]): readonly (ProposeFrame | ProposeAllFrame)[] {
  const frames: Proposal[][] = []
  let frame: Proposal[] = []
  let bytes = 0
  for (const proposal of proposals) {
    const more = proposal.data.byteLength + PROPOSAL_OVERHEAD_BYTES
    if (frame.length === 0 || frame.length === MAX_PROPOSALS_PER_FRAME || bytes + more > MAX_PROPOSALS_BYTES) {
      frame = []
      bytes = 0
      frames.push(frame)
    }
    frame.push(proposal)
    bytes += more
  }
  return frames.map(asFrame)
}

export function proposalsIn(frame: ProposeFrame | ProposeAllFrame): readonly Proposal[] {
  return frame.kind === 'propose' ? [frame] : frame.proposals
}

function asFrame(proposals: readonly Proposal[]): ProposeFrame | ProposeAllFrame {
  const [first, second] = proposals
  return first !== undefined && second === undefined ? { kind: 'propose', ...first } : { kind: 'proposeAll', proposals }
}
