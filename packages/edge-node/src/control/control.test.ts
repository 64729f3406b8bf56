import { encodeEnvelope, MAX_COMMAND_BYTES, type ProposeAnswer } from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import { ControlDesk, type Operated } from './control.ts'

const applied = (index: number): ProposeAnswer => ({ kind: 'applied', index, term: 2, result: new Uint8Array() })

/** A node that answers what it is told to, one after the other, and remembers what was brought. */
class Node implements Pick<Operated, 'forward' | 'room'> {
  readonly room = 'kv'
  readonly brought: Uint8Array[] = []
  readonly removed: string[] = []
  readonly #answers: ProposeAnswer[]

  constructor(...answers: ProposeAnswer[]) {
    this.#answers = answers
  }

  forward(entry: Uint8Array, answer: (answer: ProposeAnswer) => void): () => void {
    this.brought.push(entry)
    queueMicrotask(() => answer(this.#answers.shift() ?? { kind: 'unknown' }))
    return () => {}
  }

  status(): never {
    throw new Error('not asked for here')
  }
  async transferLeadership(): Promise<void> {}
  compact(): number {
    return 7
  }
  async addMember(): Promise<void> {}
  async removeMember(id: string): Promise<void> {
    this.removed.push(id)
  }
  async forceNewCluster({ abandon }: { readonly abandon: readonly string[] }): Promise<void> {
    this.removed.push(...abandon)
  }
}

const ask = (node: Node, request: unknown): Promise<object> => new ControlDesk(node).answer(JSON.stringify(request))
const command = (session: number, sequence: number) =>
  encodeEnvelope({ kind: 'command', session, sequence, firstUnanswered: sequence, command: Uint8Array.of(7) })
const proposal = { ask: 'propose', base64: Buffer.of(7).toString('base64') } as const

describe('what an operator asks a running node', () => {
  it.each([
    'no JSON',
    'null',
    '7',
    '{}',
    '{"ask":"sail"}',
    '{"ask":"add"}',
    '{"ask":"remove","id":7}',
    '{"ask":"recover"}',
    '{"ask":"recover","abandon":"b"}',
    '{"ask":"recover","abandon":[7]}',
    '{"ask":"propose"}',
    '{"ask":"remove","id":"a","timeoutMs":-1}',
    '{"__proto__":{"ask":"remove","id":"a"}}',
    '['.repeat(100_000),
  ])('is refused in words where it is none: %.40s', async text => {
    const node = new Node()
    expect(await new ControlDesk(node).answer(text)).toMatchObject({ refused: { kind: 'BadRequest' } })
    expect([node.brought, node.removed]).toEqual([[], []])
  })

  it('opens one session for all that it proposes, and numbers it', async () => {
    const node = new Node(applied(5), applied(6), applied(7))
    const desk = new ControlDesk(node)
    expect(await desk.answer(JSON.stringify(proposal))).toEqual({ index: 6, term: 2 })
    expect(await desk.answer(JSON.stringify(proposal))).toEqual({ index: 7, term: 2 })
    expect(node.brought).toEqual([encodeEnvelope({ kind: 'open' }), command(5, 1), command(5, 2)])
  })

  it('brings the same command again, by its number, while nobody can say what became of it', async () => {
    const node = new Node(applied(5), { kind: 'unknown' }, { kind: 'overloaded' }, applied(9))
    expect(await ask(node, proposal)).toEqual({ index: 9, term: 2 })
    expect(node.brought.slice(1)).toEqual([command(5, 1), command(5, 1), command(5, 1)])
  })

  it('is content to know where a command took effect, of a carrier that cannot say what it came to', async () => {
    const node = new Node(applied(5), { kind: 'unknown', at: { index: 6, term: 2 } })
    expect(await ask(node, proposal)).toEqual({ index: 6, term: 2 })
  })

  it('says so when a session has ended, and begins another for what comes next', async () => {
    const node = new Node(applied(5), { kind: 'sessionExpired' }, applied(8), applied(9))
    const desk = new ControlDesk(node)
    expect(await desk.answer(JSON.stringify(proposal))).toMatchObject({ refused: { kind: 'SessionExpired' } })
    expect(await desk.answer(JSON.stringify(proposal))).toEqual({ index: 9, term: 2 })
    expect(node.brought.at(-1)).toEqual(command(8, 1))
  })

  it('says that there was no answer in time, or that a command is too long', async () => {
    const late = await ask(new Node(), { ...proposal, timeoutMs: 1 })
    expect(late).toMatchObject({ refused: { kind: 'Timeout', message: expect.stringContaining('may still') } })
    const node = new Node()
    const long = await ask(node, { ask: 'propose', base64: Buffer.alloc(MAX_COMMAND_BYTES + 1).toString('base64') })
    expect(long).toMatchObject({ refused: { kind: 'TooLarge' } })
    expect(node.brought).toEqual([])
  })
})
