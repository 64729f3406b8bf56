/** Each check beside what it must find: the smallest history that breaks it, and the same one without the fault. */
import type { Envelope, ProposalFate } from '@flotilla/cluster'
import { encodeEnvelope } from '@flotilla/cluster'
import type { CommandEntry, PersistUnit } from '@flotilla/core'
import { describe, expect, test } from 'vitest'
import { encodeCommand } from '../../ground/command.ts'
import { Disk } from '../../world/disk.ts'
import { type ClientOperation, History } from '../history.ts'
import { Page } from '../page.ts'
import { Timeline } from '../timeline.ts'
import { ExactlyOnce } from './exactly-once.ts'
import { linearizableHistory } from './linearizable-history.ts'
import { RaftWatch } from './raft-watch.ts'
import { readYourWrites } from './read-your-writes.ts'
import { SessionEnds } from './session-ends.ts'
import { Settling } from './settling.ts'
import { StateAgreement } from './state-agreement.ts'
import { fateInOrder, trueFates } from './true-fates.ts'

function found<T>(check: (report: (detail: string) => void) => T): string[] {
  const details: string[] = []
  check(detail => details.push(detail))
  return details
}

const effectOf = (operation: number, index: number, previous = 0) => ({ operation, key: 0, index, term: 1, previous })

describe('session ends', () => {
  const entry = (index: number, envelope: Envelope): CommandEntry => ({
    index,
    term: 1,
    kind: 'command',
    data: encodeEnvelope(envelope),
  })
  const command = (index: number, session: number): CommandEntry =>
    entry(index, { kind: 'command', session, sequence: 1, firstUnanswered: 1, command: new Uint8Array() })
  const log = (check: SessionEnds): void => {
    for (const each of [entry(1, { kind: 'open' }), entry(2, { kind: 'open' }), command(3, 1)]) check.committed(each)
    // Two are remembered, and 1 was used after 2.
    expect(check.committed(entry(4, { kind: 'open' }))).toEqual([2])
    check.committed(command(5, 2))
  }

  test('whoever was not used for longest makes room, and what comes of it later has no effect', () => {
    const details = found(report => {
      const check = new SessionEnds(2, report)
      log(check)
      check.told(2)
      check.tookEffect(3)
      expect(check.committed(entry(6, { kind: 'expire', sessions: [1, 2] }))).toEqual([1])
      check.told(1)
    })
    expect(details).toEqual([])
  })

  test.each([
    ['an end that has not come', (check: SessionEnds) => check.told(1)],
    ['an effect after the end', (check: SessionEnds) => check.tookEffect(5)],
  ])('%s is found', (_, lie) => {
    const details = found(report => {
      const check = new SessionEnds(2, report)
      log(check)
      lie(check)
    })
    expect(details).toHaveLength(1)
  })
})

describe('exactly once', () => {
  test('one place and one answer, on every node and however often it is told', () => {
    const details = found(report => {
      const check = new ExactlyOnce(report)
      check.applied('a', effectOf(1, 5))
      check.applied('b', effectOf(1, 5))
      check.answered('c', effectOf(1, 5))
      check.answered('c', effectOf(1, 5))
    })
    expect(details).toEqual([])
  })

  test.each([
    ['a second place', (check: ExactlyOnce) => check.applied('b', effectOf(1, 6))],
    ['another answer to a retry', (check: ExactlyOnce) => check.answered('c', effectOf(1, 5, 9))],
    ['an answer to what nobody applied', (check: ExactlyOnce) => check.answered('c', effectOf(2, 6))],
    ['a refusal of what was taken', (check: ExactlyOnce) => check.refused('c', 1)],
  ])('%s is found', (_, fault) => {
    const details = found(report => {
      const check = new ExactlyOnce(report)
      check.applied('a', effectOf(1, 5))
      fault(check)
    })
    expect(details).toHaveLength(1)
  })
})

describe('state agreement', () => {
  test('one state at each index, whoever tells it and however often', () => {
    const details = found(report => {
      const check = new StateAgreement(report)
      for (const node of ['a', 'b', 'a']) check.told(node, 5, '00')
      check.told('b', 6, '01')
    })
    expect(details).toEqual([])
  })

  test('another at the same index is found', () => {
    const details = found(report => {
      const check = new StateAgreement(report)
      check.told('a', 5, '00')
      check.told('b', 5, '01')
    })
    expect(details).toHaveLength(1)
  })
})

/** Somebody writes 1 to register 0 and is told; then `client` reads it, and finds `value`. */
function writtenAndRead(client: string, value: number): ClientOperation[] {
  const history = new History()
  history.written(history.begin('write', 'a', 0, 1), 5, 1, 0, 2)
  history.read(history.begin('read', client, 0, 3), value, 4)
  return history.all
}

describe('what is read', () => {
  test('by the writer is its write, or later', () => {
    const judge = (value: number) =>
      found(report => {
        for (const each of writtenAndRead('a', value)) readYourWrites(each, new Map([[1, effectOf(1, 5)]]), report)
      })
    expect(judge(1)).toEqual([])
    expect(judge(0)).toHaveLength(1)
  })

  test('by others is no older than what was acknowledged before', () => {
    expect(found(report => linearizableHistory(writtenAndRead('b', 1), report))).toEqual([])
    expect(found(report => linearizableHistory(writtenAndRead('b', 0), report))).toHaveLength(1)
  })
})

describe('what is told of a fate', () => {
  const data = encodeEnvelope({
    kind: 'command',
    session: 2,
    sequence: 1,
    firstUnanswered: 1,
    command: encodeCommand(1, 0, 0),
  })
  const entry: CommandEntry = { index: 5, term: 1, kind: 'command', data }
  const committed = [undefined, undefined, undefined, undefined, undefined, entry]
  const effects = new Map([[1, effectOf(1, 5)]])

  const told = (fates: ProposalFate[], outcome: ClientOperation['outcome']): string[] => {
    const operation = new History().begin('write', 'a', 0, 1)
    operation.outcome = outcome
    return found(report => {
      for (const fate of fates) {
        fateInOrder(operation, fate, report)
        operation.fates.push(fate)
      }
      trueFates(operation, committed, effects, report)
    })
  }
  const place = { index: 5, term: 1 }

  test('may be what became of it, or that nobody knows', () => {
    const way: ProposalFate[] = [{ kind: 'queued' }, { kind: 'appended', ...place }]
    expect(told([...way, { kind: 'committed', ...place }, { kind: 'applied', ...place }], 'done')).toEqual([])
    expect(told([...way, { kind: 'abandoned', reason: 'Unknown' }], 'unknown')).toEqual([])
  })

  test.each<[string, ProposalFate[], ClientOperation['outcome']]>([
    ['a stage that is left out', [{ kind: 'queued' }, { kind: 'committed', ...place }], 'unknown'],
    [
      'another place',
      [{ kind: 'queued' }, { kind: 'appended', index: 5, term: 1 }, { kind: 'committed', index: 4, term: 1 }],
      'unknown',
    ],
    ['the end of what goes on', [{ kind: 'queued' }, { kind: 'abandoned', reason: 'Superseded' }], 'failed'],
    ['an end that its client is not told', [{ kind: 'queued' }, { kind: 'abandoned', reason: 'Unknown' }], 'done'],
  ])('is no lie: %s is found', (_, fates, outcome) => {
    expect(told(fates, outcome)).toHaveLength(1)
  })
})

test('a promise that does not settle is found, unless its page is dead', async () => {
  const page = new Page(new Timeline(), 0, 1)
  const settling = new Settling()
  settling.watch(page, 'the end', 0, new Promise(() => {}))
  settling.watch(page, 'an end', 0, Promise.resolve())
  await Promise.resolve()
  expect(settling.open).toBe(1)
  expect(found(report => settling.judge(report))).toHaveLength(1)
  page.kill('by the browser')
  expect(found(report => settling.judge(report))).toEqual([])
})

describe('a node, as its disk and its network show it', () => {
  const noop = (index: number, term: number) => ({ index, term, kind: 'noop', data: null }) as const
  const unit = (term: number, ...entries: PersistUnit['entries']): PersistUnit => ({
    token: 1,
    hardState: { currentTerm: term, votedFor: undefined },
    snapshot: undefined,
    truncateFrom: 0,
    entries,
  })
  /** Two nodes, of which `a` has an entry of term 1 on its disk. */
  function pair() {
    const properties: string[] = []
    const watch = new RaftWatch(({ property }) => properties.push(property))
    const disks = { a: new Disk(), b: new Disk() }
    const write = (id: 'a' | 'b', written: PersistUnit): void => {
      watch.writing(id, written)
      watch.becomingDurable(id, written)
      disks[id].begin(written)
      disks[id].flush()
    }
    watch.opened('a', disks.a)
    watch.opened('b', disks.b)
    write('a', unit(1, noop(1, 1)))
    return { properties, watch, write }
  }
  const at = { at: 0 }

  test('is left alone while it keeps the rules', () => {
    const { properties, watch, write } = pair()
    watch.traced({ type: 'applied', index: 1, node: 'a', ...at })
    write('b', unit(1, noop(1, 1)))
    watch.sent('b', {
      type: 'AppendEntriesResult',
      from: 'b',
      to: 'a',
      term: 1,
      success: true,
      matchIndex: 1,
      round: 1,
    })
    watch.traced({ type: 'applied', index: 1, node: 'b', ...at })
    expect(properties).toEqual([])
  })

  test('is caught applying what is not on its disk', () => {
    const { properties, watch } = pair()
    watch.traced({ type: 'applied', index: 2, node: 'a', ...at })
    expect(properties).toEqual(['Applied Is Durable'])
  })

  test('is caught applying another entry than others have', () => {
    const { properties, watch, write } = pair()
    watch.traced({ type: 'applied', index: 1, node: 'a', ...at })
    write('b', unit(2, noop(1, 2)))
    watch.traced({ type: 'applied', index: 1, node: 'b', ...at })
    expect(properties).toEqual(['State Machine Safety'])
  })

  test('is caught acknowledging what is not on its disk', () => {
    const { properties, watch, write } = pair()
    write('b', unit(1))
    watch.sent('b', {
      type: 'AppendEntriesResult',
      from: 'b',
      to: 'a',
      term: 1,
      success: true,
      matchIndex: 1,
      round: 1,
    })
    expect(properties).toEqual(['Persist Before Acknowledge'])
  })

  test('is caught voting before its disk knows, and voting twice', () => {
    const { properties, watch, write } = pair()
    write('b', { ...unit(2), hardState: { currentTerm: 2, votedFor: 'a' } })
    watch.sent('b', { type: 'RequestVoteResult', from: 'b', to: 'a', term: 2, granted: true })
    expect(properties).toEqual([])
    watch.sent('b', { type: 'RequestVoteResult', from: 'b', to: 'c', term: 2, granted: true })
    expect([...new Set(properties)]).toEqual(['Vote Durability'])
  })

  test('is caught writing units in another order than it handed them out', () => {
    const { properties, watch } = pair()
    const [first, second] = [unit(2), unit(3)]
    watch.writing('b', first)
    watch.writing('b', second)
    watch.becomingDurable('b', second)
    expect(properties).toEqual(['Persist Unit'])
  })

  test('is caught coming back, or speaking, under the name that was lost with its disk', () => {
    const { properties, watch, write } = pair()
    write('b', unit(1))
    watch.vanished('b')
    expect(properties).toEqual([])
    watch.sent('b', { type: 'RequestVoteResult', from: 'b', to: 'a', term: 1, granted: false })
    expect(properties).toEqual(['Lost Identity'])
    watch.opened('b', new Disk())
    expect(properties).toEqual(['Lost Identity', 'Lost Identity'])
  })

  test('is caught leading a term that another has led, and stopping itself', () => {
    const { properties, watch } = pair()
    watch.traced({ type: 'role', role: 'leader', term: 3, reason: '', node: 'a', ...at })
    watch.traced({ type: 'role', role: 'leader', term: 3, reason: '', node: 'b', ...at })
    watch.traced({ type: 'crashed', reason: 'Log Matching', node: 'b', ...at })
    expect(properties).toEqual(['Election Safety', 'Core Assertion'])
  })

  test('is caught with a snapshot that differs from another’s of the same index', () => {
    const { properties, watch } = pair()
    watch.traced({ type: 'applied', index: 1, node: 'a', ...at })
    const configuration = { members: [], voters: [], oldVoters: [], namesGiven: 0, expelled: [] }
    const taking = (byte: number): PersistUnit => ({
      ...unit(1),
      snapshot: { index: 1, term: 1, configuration, data: Uint8Array.of(byte) },
    })
    watch.writing('a', taking(1))
    watch.writing('b', taking(1))
    expect(properties).toEqual([])
    watch.writing('b', taking(2))
    expect(properties).toEqual(['Snapshot Equality'])
  })
})
