/** The WebRTC transport in a real browser: the conformance suite. What needs several tabs is in `mesh.spec.ts`. */
// From its source: Playwright knows nothing of the `source` condition, and the suite needs nothing that is built.
import { transportConformance } from '../../packages/cluster/src/conformance/transport.ts'
import { conformanceTests } from '../fixtures/conformance.ts'

conformanceTests(
  'The WebRTC transport conforms',
  'transport.html',
  transportConformance.map(({ name }) => name),
)
