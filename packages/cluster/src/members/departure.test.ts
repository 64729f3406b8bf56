import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after, ids, room, type Sketch } from '../fixtures/sketched-room.ts'
import { tolerance } from './autopilot.ts'
import { type Departure, depart } from './departure.ts'

const leaving = (id: string, sketch: Sketch) => depart(room(sketch), { type: 'remove', id })

describe('whoever goes at somebody’s wish', () => {
  it('just goes where those who stay can go on: a voter, one that is lost, a learner', () => {
    expect(leaving('B', { voters: 'A B C' })).toEqual([{ type: 'remove', id: 'B' }])
    expect(leaving('C', { voters: 'A B C', silent: 'C' })).toEqual([{ type: 'remove', id: 'C' }])
    expect(leaving('D', { voters: 'A B C', learners: 'D', silent: 'C' })).toEqual([{ type: 'remove', id: 'D' }])
    expect(leaving('nobody', { voters: 'A B C', silent: 'C' })).toEqual([{ type: 'remove', id: 'nobody' }])
  })

  it('has a standby come in its place where they could not', () => {
    expect(depart(room({ voters: 'A B C', learners: 'D', silent: 'C' }), { type: 'expel', id: 'B' })).toEqual([
      { type: 'expel', id: 'B' },
      { type: 'addVoter', id: 'D' },
    ])
    expect(leaving('A', { voters: 'A', learners: 'B' })).toEqual([
      { type: 'remove', id: 'A' },
      { type: 'addVoter', id: 'B' },
    ])
  })

  it('waits where there is no standby, until the lost are back or demoted', () => {
    expect(leaving('B', { voters: 'A B C', silent: 'C' })).toBe('later')
    expect(leaving('A', { voters: 'A B C', silent: 'C' })).toBe('later')
    expect(leaving('B', { voters: 'A B C', away: 'C', learners: 'D', behind: 'D' })).toBe('later')
  })

  it('is told by core that the last voter stays', () => {
    expect(leaving('A', { voters: 'A', learners: 'B', behind: 'B' })).toEqual([{ type: 'remove', id: 'A' }])
  })

  it('never leaves a room stuck that was not', () => {
    const sketches = fc
      .record({
        voters: fc.integer({ min: 2, max: 7 }),
        learners: fc.integer({ min: 0, max: 3 }),
        silent: fc.array(fc.integer({ min: 1, max: 9 })),
        behind: fc.array(fc.integer({ min: 1, max: 9 })),
        leaver: fc.nat(9),
        type: fc.constantFrom<Departure['type'][]>('remove', 'expel'),
      })
      .map(({ voters, learners, silent, behind, leaver, type }) => {
        const names = 'ABCDEFGHIJ'.slice(0, voters + learners).split('')
        const some = (which: number[]): string => names.filter((_, i) => which.includes(i)).join(' ')
        const sketch: Sketch = {
          voters: names.slice(0, voters).join(' '),
          learners: names.slice(voters).join(' '),
          silent: some(silent),
          behind: some(behind),
        }
        return { sketch, departure: { type, id: names[leaver % names.length] ?? 'A' } }
      })
    fc.assert(
      fc.property(sketches, ({ sketch, departure }) => {
        const before = room(sketch)
        const voters = ids(sketch.voters)
        const changes = depart(before, departure)
        if (changes === 'later' || tolerance(before, voters) < 0) return
        expect(changes).toContainEqual(departure)
        const rest = after(voters, changes)
        // A leader that goes counts no more, though it is here.
        expect(rest).not.toContain(departure.id)
        expect(tolerance(before, rest)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
