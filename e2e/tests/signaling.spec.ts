/** BroadcastChannel signalling in a real browser: the conformance suite. */
// From its source: Playwright knows nothing of the `source` condition, and the suite needs nothing that is built.
import { signalingConformance } from '../../packages/webrtc-transport/src/signaling-conformance.ts'
import { conformanceTests } from '../fixtures/conformance.ts'

conformanceTests(
  'BroadcastChannel signalling conforms',
  'signaling.html',
  signalingConformance.map(({ name }) => name),
)
