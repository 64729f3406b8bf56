import { ClusterError, OpenTimeout, StorageError, TransportError } from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../problems.ts'
import { failureOf, toldFailure } from './told-failure.ts'

const failures = [
  new ClusterError('NotLeader', 'nobody leads'),
  new ClusterError('Rejected', 'the machine threw', { thrown: { name: 'RangeError', message: 'too long' } }),
  new ClusterError('StorageFailed', 'the disk', { cause: new StorageError('QuotaExceeded', 'full') }),
  new ClusterError('TransportFailed', 'the way', { cause: new TransportError('KeyReplaced', 'another key') }),
  new OpenTimeout('disk', 20_000),
  new RangeError('a pace is one of 1, 5'),
]

describe('an error from another thread', () => {
  it.each(failures)('says the same as there: %s', failure => {
    const told = failureOf(structuredClone(toldFailure(failure)))
    expect(told.message).toBe(failure.message)
    const [here, there] = [problemOf(told), problemOf(failure)]
    expect([here.kind, here.problem.title, here.problem.advice, here.problem.remedy]).toEqual([
      there.kind,
      there.problem.title,
      there.problem.advice,
      there.problem.remedy,
    ])
    if (failure instanceof ClusterError) expect(told).toMatchObject({ kind: failure.kind, thrown: failure.thrown })
  })
})
