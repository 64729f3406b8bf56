import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNodeSnapshot, encodeNodeSnapshot, SnapshotFormatError } from '../node/node-snapshot.ts'
import { houseRules } from '../wire/fixtures/arbitrary-frames.ts'
import { firstHouseRules } from '../wire/house-rules.ts'
import { decodeOutcome, encodeRejected, encodeTaken } from './outcome.ts'
import { MAX_SESSIONS, SESSION_WINDOW, SessionTable } from './sessions.ts'

const answer = (index: number) => ({ index, term: 1, result: Uint8Array.of(0, index) })

describe('the session table', () => {
  it('gives a command that comes a second time its first answer', () => {
    const table = new SessionTable()
    table.open(5)
    expect(table.begin(5, 1, 1).kind).toBe('fresh')
    table.remember(5, 1, answer(6))
    expect(table.begin(5, 1, 1)).toEqual({ kind: 'duplicate', answer: answer(6) })
  })

  it('forgets an answer once the client says that it has it, and never applies that command again', () => {
    const table = new SessionTable()
    table.open(5)
    table.begin(5, 1, 1)
    table.remember(5, 1, answer(6))
    expect(table.begin(5, 2, 2).kind).toBe('fresh')
    expect(table.begin(5, 1, 1).kind).toBe('stale')
  })

  it('tells a client whose session is not there', () => {
    const table = new SessionTable()
    expect(table.begin(5, 1, 1).kind).toBe('expired')
    table.open(5)
    table.expire([5])
    expect(table.begin(5, 1, 1).kind).toBe('expired')
  })

  it('does not apply a number so far ahead that the answers before it could not be kept', () => {
    const table = new SessionTable()
    table.open(5)
    expect(table.begin(5, SESSION_WINDOW, 1).kind).toBe('fresh')
    expect(table.begin(5, SESSION_WINDOW + 1, 1).kind).toBe('stale')
  })

  it('applies a command that is to come in order only after the one before it, also when that one is a straggler', () => {
    const table = new SessionTable()
    table.open(5)
    expect(table.begin(5, 2, 1, true).kind).toBe('early')
    expect(table.begin(5, 1, 1, true).kind).toBe('fresh')
    table.remember(5, 1, answer(6))
    expect(table.begin(5, 3, 1, true).kind).toBe('early')
    expect(table.begin(5, 2, 1, true).kind).toBe('fresh')
    table.remember(5, 2, answer(7))
    // What is said to be answered has been applied.
    expect(table.begin(5, 3, 3, true).kind).toBe('fresh')
    expect(table.begin(5, 2, 1, true).kind).toBe('stale')
  })

  // 1,024 answers of 256 KiB each in 1,024 sessions were more than any snapshot may hold.
  it('keeps no more bytes of answers than it may, and still knows of each command that it was applied, and whether', () => {
    const table = new SessionTable(new Map(), 1_000)
    for (const id of [5, 6]) {
      table.open(id)
      for (let sequence = 1; sequence <= 8; sequence++) {
        table.begin(id, sequence, 1)
        const result = sequence === 2 ? encodeRejected(new Error('x'.repeat(90))) : encodeTaken(new Uint8Array(99))
        table.remember(id, sequence, { index: 10 * id + sequence, term: 1, result })
      }
    }
    const kept = [...table.sessions.values()].flatMap(({ answers }) => [...answers.values()])
    expect(kept).toHaveLength(16)
    expect(kept.reduce((bytes, { result }) => bytes + result.byteLength, 0)).toBeLessThan(1_000 + 16 * 2)
    const outcomeOf = (id: number, sequence: number): string | undefined => {
      const verdict = table.begin(id, sequence, 1)
      return verdict.kind === 'duplicate' ? decodeOutcome(verdict.answer.result)?.kind : verdict.kind
    }
    expect([outcomeOf(5, 1), outcomeOf(5, 2), outcomeOf(6, 8)]).toEqual(['forgotten', 'rejected', 'taken'])
  })

  it('forgets the same answers on a node that got the table as a snapshot', () => {
    const step = fc.record({ session: fc.integer({ min: 1, max: 3 }), size: fc.integer({ min: 0, max: 60 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, cut) => {
        let next = 0
        const run = (table: SessionTable, some: typeof steps): void => {
          for (const { session, size } of some) {
            const sequence = 1 + (next++ % SESSION_WINDOW)
            if (table.begin(session, sequence, 1).kind !== 'fresh') continue
            table.remember(session, sequence, { index: sequence, term: 1, result: encodeTaken(new Uint8Array(size)) })
          }
        }
        const bytes = (sessions: SessionTable): Uint8Array =>
          encodeNodeSnapshot({ rules: firstHouseRules, sessions, machine: new Uint8Array() })
        const table = new SessionTable(new Map(), 100)
        for (const id of [1, 2, 3]) table.open(id)
        run(table, steps.slice(0, cut))
        const { sessions } = decodeNodeSnapshot(bytes(table)).sessions
        const copy = new SessionTable(new Map(sessions), 100)
        const at = next
        run(table, steps.slice(cut))
        next = at
        run(copy, steps.slice(cut))
        expect(bytes(copy)).toEqual(bytes(table))
      }),
    )
  })

  it('makes room by ending the session that has not been used for longest', () => {
    const table = new SessionTable()
    for (let id = 1; id <= MAX_SESSIONS; id++) expect(table.open(id)).toBeUndefined()
    table.begin(1, 1, 1)
    expect(table.open(MAX_SESSIONS + 1)).toBe(2)
    expect(table.begin(1, 1, 1).kind).toBe('fresh')
    expect(table.begin(2, 1, 1).kind).toBe('expired')
  })

  it('is held to fewer where its room remembers fewer, also after a snapshot', () => {
    const table = new SessionTable(new Map(), undefined, 2)
    expect([table.open(1), table.open(2)]).toEqual([undefined, undefined])
    const bytes = encodeNodeSnapshot({ rules: firstHouseRules, sessions: table, machine: new Uint8Array() })
    const { sessions } = decodeNodeSnapshot(bytes, 2)
    for (const each of [table, sessions]) {
      each.begin(1, 1, 1)
      expect(each.open(3)).toBe(2)
      expect([...each.sessions.keys()]).toEqual([1, 3])
    }
  })

  it('applies each command at most once, whatever is retried in whatever order', () => {
    const step = fc.record({ sequence: fc.integer({ min: 1, max: 6 }), answered: fc.integer({ min: 1, max: 6 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const table = new SessionTable()
        table.open(1)
        const applied: number[] = []
        for (const [i, { sequence, answered }] of steps.entries()) {
          const verdict = table.begin(1, sequence, Math.min(sequence, answered))
          if (verdict.kind !== 'fresh') continue
          applied.push(sequence)
          table.remember(1, sequence, answer(i))
        }
        expect(new Set(applied).size).toBe(applied.length)
      }),
    )
  })
})

describe('a snapshot of a node', () => {
  const tables = fc
    .array(fc.record({ sequence: fc.integer({ min: 1, max: 9 }), bytes: fc.uint8Array({ maxLength: 20 }) }), {
      maxLength: 30,
    })
    .map(commands => {
      const table = new SessionTable()
      for (const [i, { sequence, bytes }] of commands.entries()) {
        const session = 1 + (i % 4)
        if (!table.sessions.has(session)) table.open(session)
        if (table.begin(session, sequence, 1).kind === 'fresh') {
          table.remember(session, sequence, { index: 10 + i, term: 2, result: bytes })
        }
      }
      return table
    })

  it('comes back as it was: the room’s rules, sessions, their order of use, and the machine', () => {
    fc.assert(
      fc.property(houseRules, tables, fc.uint8Array({ maxLength: 50 }), (rules, sessions, machine) => {
        const restored = decodeNodeSnapshot(encodeNodeSnapshot({ rules, sessions, machine }))
        expect(restored.rules).toEqual(rules)
        expect([...restored.sessions.sessions]).toEqual([...sessions.sessions])
        expect(restored.machine).toEqual(machine)
      }),
    )
  })

  it('of a version without rules is read as one of a room whose door is open', () => {
    const machine = Uint8Array.of(7)
    const old = Uint8Array.of(1, 0, 0, 0, 0, ...machine)
    expect(decodeNodeSnapshot(old)).toMatchObject({ rules: firstHouseRules, machine })
  })

  it('is refused with a typed error, and nothing else, when it is cut short or is no snapshot at all', () => {
    const refusedOrRead = (bytes: Uint8Array): void => {
      try {
        decodeNodeSnapshot(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(SnapshotFormatError)
      }
    }
    fc.assert(
      fc.property(tables, sessions => {
        const bytes = encodeNodeSnapshot({ rules: firstHouseRules, sessions, machine: new Uint8Array() })
        for (let length = 0; length < bytes.byteLength; length++) {
          expect(() => decodeNodeSnapshot(bytes.subarray(0, length))).toThrow(SnapshotFormatError)
        }
      }),
      { numRuns: 20 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refusedOrRead))
    for (const version of [1, 2]) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), bytes => refusedOrRead(Uint8Array.of(version, ...bytes))),
      )
    }
  })
})
