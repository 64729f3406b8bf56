import type { NodeId } from '@flotilla/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after, ids, now, room, type Sketch } from '../fixtures/sketched-room.ts'
import { drawSwap, nextChange, type Room } from './autopilot.ts'
import { type AutopilotOptions, defaultAutopilot } from './autopilot-options.ts'

const decide = (sketch: Sketch, options: Partial<AutopilotOptions> = {}) =>
  nextChange(room(sketch), { ...defaultAutopilot, ...options })

describe('the autopilot', () => {
  it('lets a joiner in as a learner, and a caught-up learner vote', () => {
    expect(decide({ voters: 'A', joiners: 'B C' })).toEqual([
      { type: 'addLearner', id: 'B' },
      { type: 'addLearner', id: 'C' },
    ])
    expect(decide({ voters: 'A', learners: 'B' })).toEqual([{ type: 'addVoter', id: 'B' }])
  })

  it('does not let one vote that is behind, or not there', () => {
    expect(decide({ voters: 'A', learners: 'B', behind: 'B' })).toBeUndefined()
    expect(decide({ voters: 'A', learners: 'B', silent: 'B' })).toBeUndefined()
  })

  it('keeps learners as standbys once there are maxVoters', () => {
    expect(decide({ voters: 'A B C', learners: 'D' }, { maxVoters: 3 })).toBeUndefined()
  })

  it('demotes a voter that fell silent, or that said goodbye', () => {
    expect(decide({ voters: 'A B C', silent: 'C' })).toEqual([{ type: 'demote', id: 'C' }])
    expect(decide({ voters: 'A B C', away: 'B' })).toEqual([{ type: 'demote', id: 'B' }])
  })

  it('puts a standby in the place of a voter that is gone, in one change', () => {
    expect(decide({ voters: 'A B C', learners: 'D', silent: 'C' }, { maxVoters: 3 })).toEqual([
      { type: 'demote', id: 'C' },
      { type: 'addVoter', id: 'D' },
    ])
  })

  // It demoted one of those who did not hear it, and told only that one: whose longer log kept the others from leading.
  it('demotes nobody while it hears no majority, unless without that one there is one', () => {
    expect(decide({ voters: 'A B C D E', silent: 'B C D E' })).toBeUndefined()
    expect(decide({ voters: 'A B C D E', silent: 'C D E' })).toBeUndefined()
    expect(decide({ voters: 'A B', learners: 'C', silent: 'B' })).toEqual([{ type: 'demote', id: 'B' }])
    expect(decide({ voters: 'A B C D', silent: 'C D' })).toEqual([{ type: 'demote', id: 'C' }])
  })

  it('lets a voter go at once when those who stay could not go on with it', () => {
    const leaving = (voters: string, ...who: string[]): Room => ({
      ...room({ voters, learners: 'Z' }),
      goodbyes: new Map(who.map(id => [id, now])),
    })
    expect(nextChange(leaving('A B', 'B'), defaultAutopilot)).toEqual([{ type: 'demote', id: 'B' }])
    expect(nextChange(leaving('A B C D', 'C', 'D'), defaultAutopilot)).toEqual([{ type: 'demote', id: 'C' }])
    // Three can spare one, and two of three that leave cannot be let go one by one.
    for (const room of [leaving('A B C', 'C'), leaving('A B C', 'B', 'C')]) {
      expect(nextChange(room, { ...defaultAutopilot, maxVoters: 3 })).toBeUndefined()
    }
  })

  it('demotes nobody where fewer than minVoters would be left', () => {
    expect(decide({ voters: 'A B C', silent: 'C' }, { minVoters: 3 })).toBeUndefined()
    expect(decide({ voters: 'A B', away: 'B' }, { minVoters: 2 })).toBeUndefined()
  })

  it('changes one thing at a time: not while a configuration is under way, joint, or leadership is handed over', () => {
    const sketch: Sketch = { voters: 'A B C', silent: 'C' }
    expect(nextChange(room(sketch, { configurationIndex: 501 }), defaultAutopilot)).toBeUndefined()
    expect(nextChange(room(sketch, { transferringTo: 'B' }), defaultAutopilot)).toBeUndefined()
    const { configuration } = room(sketch).status
    const joint = { ...configuration, oldVoters: ['A', 'B'] }
    expect(nextChange(room(sketch, { configuration: joint }), defaultAutopilot)).toBeUndefined()
  })

  it('gives everybody time to be heard when it has only just begun to lead', () => {
    const fresh = { ...room({ voters: 'A B C', away: 'C' }), leaderSince: now - 500 }
    expect(nextChange(fresh, defaultAutopilot)).toBeUndefined()
  })

  it('believes a goodbye that was said when it began to lead', () => {
    const fresh = { ...room({ voters: 'A B C', away: 'C' }), leaderSince: now - 500 }
    const justSaid = { ...fresh, goodbyes: new Map([['C', now - 600]]) }
    expect(nextChange(justSaid, { ...defaultAutopilot, awayAfterMs: 0 })).toEqual([{ type: 'demote', id: 'C' }])
    expect(nextChange(justSaid, defaultAutopilot)).toBeUndefined()
  })

  it('never takes a step after which fewer losses can be survived than before', () => {
    const sketches = fc
      .record({
        voters: fc.integer({ min: 1, max: 7 }),
        learners: fc.integer({ min: 0, max: 4 }),
        silent: fc.array(fc.integer({ min: 1, max: 11 })),
        away: fc.array(fc.integer({ min: 1, max: 11 })),
        maxVoters: fc.integer({ min: 1, max: 7 }),
      })
      .map(({ voters, learners, silent, away, maxVoters }) => {
        const names = 'ABCDEFGHIJKL'.split('')
        const name = (i: number): string => names[i % (voters + learners)] ?? 'A'
        const gone = (which: number[]): string => [...new Set(which.map(name))].filter(id => id !== 'A').join(' ')
        return {
          sketch: {
            voters: names.slice(0, voters).join(' '),
            learners: names.slice(voters, voters + learners).join(' '),
            silent: gone(silent),
            away: gone(away),
          },
          maxVoters,
        }
      })
    fc.assert(
      fc.property(sketches, ({ sketch, maxVoters }) => {
        const changes = decide(sketch, { maxVoters }) ?? []
        const gone = new Set([...ids(sketch.silent), ...ids(sketch.away)])
        const tolerance = (voters: readonly NodeId[]): number =>
          voters.filter(id => !gone.has(id)).length - (Math.floor(voters.length / 2) + 1)
        const before = ids(sketch.voters)
        expect(tolerance(after(before, changes))).toBeGreaterThanOrEqual(tolerance(before))
        expect(after(before, changes)).toContain('A')
      }),
    )
  })
})

describe('a swap', () => {
  const sketch = { voters: 'A B C D E', learners: 'F G H I', silent: 'C G', behind: 'H' }

  it('is one learner that is here and caught up for one voter that does not lead, any of them', () => {
    const drawn = new Set<string>()
    for (let lot = 0; lot < 1; lot += 0.05) {
      const changes = drawSwap(room(sketch), () => lot)
      if (typeof changes === 'string') throw new Error(changes)
      expect(changes.map(({ type }) => type)).toEqual(['demote', 'addVoter'])
      for (const { id } of changes) drawn.add(id)
    }
    expect([...drawn].sort()).toEqual(['B', 'C', 'D', 'E', 'F', 'I'])
  })

  it('is none where nobody is ready, or nobody else votes', () => {
    expect(drawSwap(room({ voters: 'A B C', learners: 'D', silent: 'D' }), Math.random)).toBe('nobody is ready')
    expect(drawSwap(room({ voters: 'A', learners: 'B' }), Math.random)).toBe('nobody is ready')
  })

  it('leaves nothing for the autopilot to mend', () => {
    expect(decide({ voters: 'A B C D F', learners: 'E G', silent: '' })).toBeUndefined()
  })
})
