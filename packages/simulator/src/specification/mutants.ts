/** The specification with a rule left out: its stories must then fail, or they show nothing. */
export interface Mutant {
  readonly name: string
  /** In raft.qnt, where it is once. */
  readonly from: string
  readonly to: string
}

export const mutants: readonly Mutant[] = [
  {
    name: 'entries of earlier terms commit by count (figure 8)',
    from: '      termAt(log, index) == s.memory.term,\n      isQuorum(latest(log), haveStored(n, index)),',
    to: '      isQuorum(latest(log), haveStored(n, index)),',
  },
  {
    name: 'votes twice in a term',
    from: '      Set("", q.sender).contains(s.memory.votedFor),\n',
    to: '',
  },
  {
    name: 'votes for whose log is behind',
    from: 'q.lastTerm > lastTerm(log) or (q.lastTerm == lastTerm(log) and q.lastIndex >= last(log))',
    to: 'true',
  },
  {
    name: 'answers before the disk has it',
    from: '      isKept(s.disk, said),\n',
    to: '',
  },
  {
    name: 'asks for votes in a term that its disk does not have',
    from: ' and isKept(s.disk, Vote({ sender: n, to: n, term: q.term }))',
    to: '',
  },
  {
    name: 'answers a read without hearing from a majority',
    from: '      isQuorum(latest(s.memory.log), Set(n).union(acceptedBy(n, s.memory.term, a => a.round >= read.round))),\n',
    to: '',
  },
]

export function mutated({ name, from, to }: Mutant, file: string, text: string): string {
  if (file !== 'raft.qnt') return text
  if (text.split(from).length !== 2) throw new Error(`raft.qnt has not once what "${name}" leaves out`)
  return text.replace(from, () => to)
}
