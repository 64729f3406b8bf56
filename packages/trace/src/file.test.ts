import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_LINE_CHARS, readTrace, TraceFileError, TraceReader, writeTrace } from './file.ts'

const head = '{"trace":"raft","version":1,"voters":["A","B","C"]}\n'

const refusal = (text: string): TraceFileError => {
  try {
    readTrace(text)
  } catch (error) {
    if (error instanceof TraceFileError) return error
    throw error
  }
  throw new Error('the file was taken')
}

describe('a trace file', () => {
  it('takes an event with only the fields that any program has at hand', () => {
    const { events, lines } = readTrace(`${head}\n{"node":"A","type":"role","role":"leader","term":1}\n`)
    expect(events).toEqual([{ node: 'A', at: 0, type: 'role', role: 'leader', term: 1, reason: '' }])
    expect(lines).toEqual([3])
  })

  it('takes one entry on the event itself, and a message with what its end leaves out', () => {
    const { events } = readTrace(
      `${head}{"node":"A","at":5,"type":"appended","index":1,"term":1,"text":"x = 1"}\n` +
        '{"node":"A","type":"sent","message":{"to":"B","type":"AppendEntries","term":1}}\n',
    )
    expect(events[0]).toMatchObject({ entries: [{ index: 1, term: 1, kind: 'command', text: 'x = 1' }] })
    expect(events[1]).toMatchObject({ at: 5, message: { id: 'line 3', from: 'A', to: 'B', size: 0 } })
  })

  it('does not mind how a role is written', () => {
    const { events } = readTrace(`${head}{"node":"A","type":"role","role":"Leader","term":1}`)
    expect(events[0]).toMatchObject({ role: 'leader' })
  })

  it('names the line and the field that is wrong', () => {
    const error = refusal(`${head}{"node":"A","type":"term","term":1}\n{"node":"A","type":"vote","term":1}\n`)
    expect(error).toMatchObject({ kind: 'Malformed', line: 3 })
    expect(error.message).toBe('line 3: candidate must be the name of a node, of 1 to 64 characters')
  })

  it.each([
    ['an empty file', '', 'NotATrace'],
    ['a photo', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR', 'NotATrace'],
    ['a photo without a line end', '\u00ff\u00d8'.repeat(MAX_LINE_CHARS), 'NotATrace'],
    ['some other JSON', '{"name":"flotilla"}', 'NotATrace'],
    ['another version', '{"trace":"raft","version":2}\n', 'OtherVersion'],
    ['a file cut in half', `${head}{"node":"A","type":"te`, 'CutShort'],
    ['a line that is no JSON', `${head}hello\n{"node":"A","type":"term","term":1}`, 'Malformed'],
    ['a line without an end', `${head}${' '.repeat(MAX_LINE_CHARS + 1)}`, 'TooLong'],
    ['an unknown type', `${head}{"node":"A","type":"elected","term":1}\n`, 'Malformed'],
    ['a negative term', `${head}{"node":"A","type":"term","term":-1}\n`, 'Malformed'],
    ['a term beyond exact numbers', `${head}{"node":"A","type":"term","term":9007199254740992}\n`, 'Malformed'],
    ['a term that is a fraction', `${head}{"node":"A","type":"term","term":1.5}\n`, 'Malformed'],
    [
      'a log with a hole',
      `${head}{"node":"A","type":"appended","entries":[{"index":1,"term":1},{"index":3,"term":1}]}`,
      'Malformed',
    ],
    ['a name of a megabyte', `${head}{"node":"${'n'.repeat(1 << 19)}","type":"stopped"}`, 'Malformed'],
    ['a field of the prototype', `${head}{"__proto__":{"node":"A","type":"term","term":1}}`, 'Malformed'],
    ['a list in place of an event', `${head}[1]\n`, 'Malformed'],
    ['very deep nesting', `${head}${'['.repeat(100_000)}\n`, 'Malformed'],
  ])('refuses %s', (_, text, kind) => {
    expect(refusal(text).kind).toBe(kind)
  })

  it('reads the same whatever pieces it comes in', () => {
    const text = `${head}{"node":"A","type":"term","term":1}\n\n{"node":"B","at":2.5,"type":"applied","index":4}\n`
    const whole = readTrace(text)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), cuts => {
        const reader = new TraceReader()
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        for (let i = 1; i < at.length; i++) reader.push(text.slice(at[i - 1], at[i]))
        expect(reader.end()).toEqual(whole)
      }),
    )
  })

  it('gives a value or says why not, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), line => {
        try {
          readTrace(head + line)
        } catch (error) {
          expect(error).toBeInstanceOf(TraceFileError)
        }
      }),
    )
  })

  it('is read again as it was written', () => {
    const events = readTrace(
      `${head}{"node":"A","at":1,"type":"started","term":2,"entries":[{"index":1,"term":2,"text":"x"}],"configuration":{"voters":["A","B"]}}
{"node":"B","at":3,"type":"dropped","message":{"id":"7","from":"A","to":"B","type":"RequestVoteResult","term":2,"granted":false}}`,
    ).events
    const text = writeTrace({ title: 'again', voters: ['A'], modified: ['commits by counting older terms'] }, events)
    const again = readTrace(text)
    expect(again).toMatchObject({ title: 'again', voters: ['A'], modified: ['commits by counting older terms'] })
    expect(again.events).toEqual(events)
  })
})
