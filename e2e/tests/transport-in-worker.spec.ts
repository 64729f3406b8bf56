/** The WebRTC transport in a worker, over channels that a page hands over: the conformance suite. */
// From its source: Playwright knows nothing of the `source` condition, and the suite needs nothing that is built.
import { test } from '@playwright/test'
import { transportConformance } from '../../packages/cluster/src/conformance/transport.ts'
import { conformanceTests } from '../fixtures/conformance.ts'

test.describe('in a worker', { tag: '@long' }, () => {
  conformanceTests(
    'The WebRTC transport in a worker conforms',
    'transport-in-worker.html',
    transportConformance.map(({ name }) => name),
  )
})
