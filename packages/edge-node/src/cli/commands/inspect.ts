/** `flotilla inspect`: what lies on a disk, also of nodes that run, and whether it is what was written. */
import { decodeEnvelope } from '@flotilla/cluster'
import type { Entry } from '@flotilla/core'
import { type InspectedEntry, type InspectedNode, inspectDataDir } from '../../storage/inspect.ts'
import type { Call, Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { type Paint, plain, table } from '../terminal.ts'

const SHOWN = 10

export const inspect: Command = {
  name: 'inspect',
  takes: '<data-dir>',
  summary: 'what a data directory holds: terms, votes, snapshots, entries, and whether it is sound',
  details: [
    'Reads every record by itself and holds it to its checksum, and the log to its order. Changes nothing, and may be',
    'used while a node runs. Ends with 3 if anything is damaged.',
  ].join('\n'),
  options: {
    all: { type: 'boolean', help: `every entry of the log, and not only the last ${SHOWN}` },
    room: { type: 'string', value: '<room>', help: 'only this room' },
  },
  async run({ operands: [folder = ''], text, flag, terminal }: Call) {
    const all = await inspectDataDir(folder)
    const room = text('room')
    const nodes = room === undefined ? all : all.filter(node => node.room === room)
    if (nodes.length === 0) {
      throw new CommandFailure(
        ExitCode.failed,
        `there is no node ${room === undefined ? '' : `of the room ${room} `}in ${folder}`,
      )
    }
    for (const node of nodes) {
      terminal.tell(asJson(node, flag('all')))
      terminal.say(asText(node, flag('all'), terminal.paint))
    }
    return nodes.every(({ problems }) => problems.length === 0) ? ExitCode.done : ExitCode.damaged
  },
}

const shown = ({ entries }: InspectedNode, all: boolean): readonly InspectedEntry[] =>
  all ? entries : entries.slice(-SHOWN)

function asJson(node: InspectedNode, all: boolean): object {
  const { room, nodeId, isDriven, clusterId, hasKeys, state, snapshot, entries, gaps, problems } = node
  return {
    room,
    node: nodeId,
    running: isDriven,
    cluster: clusterId ?? null,
    keys: hasKeys,
    term: state?.currentTerm ?? null,
    votedFor: state?.votedFor ?? null,
    committed: state?.commitIndex ?? null,
    snapshot: snapshot && { index: snapshot.index, term: snapshot.term, bytes: snapshot.data.byteLength },
    log: { from: entries[0]?.index ?? null, to: entries.at(-1)?.index ?? null, entries: entries.length, gaps },
    entries: shown(node, all).map(({ index, entry }) => ({
      index,
      term: entry?.term,
      kind: entry?.kind,
      what: entry && whatOf(entry),
    })),
    sound: problems.length === 0,
    problems: problems.map(({ kind, message }) => ({ kind, message })),
  }
}

function asText(node: InspectedNode, all: boolean, paint: Paint): string {
  const { room, nodeId, isDriven, clusterId, state, snapshot, entries, problems } = node
  const lines = [
    ['room', room],
    ['node', `${nodeId}${isDriven ? ' (running)' : ''}`],
    ['cluster', clusterId ?? 'none yet'],
    ['term', state === undefined ? 'cannot be read' : `${state.currentTerm}, voted for ${state.votedFor ?? 'nobody'}`],
    [
      'snapshot',
      snapshot === undefined
        ? 'none'
        : `of entry ${snapshot.index}, term ${snapshot.term}, ${count(snapshot.data.byteLength, 'byte')}`,
    ],
    ['log', `${logOf(node)}, known to be committed up to ${state?.commitIndex ?? 0}`],
  ]
  const body = shown(node, all).map(({ index, entry }) => [
    `  ${index}`,
    entry === undefined ? '' : String(entry.term),
    entry === undefined ? 'damaged' : whatOf(entry),
  ])
  return [
    table(lines),
    ...(body.length === 0 ? [] : [paint('dim', table([['  index', 'term', 'what'], ...body]))]),
    ...(entries.length > body.length
      ? [paint('dim', `  … and ${entries.length - body.length} before; --all shows them`)]
      : []),
    problems.length === 0
      ? paint('green', 'sound: every record is what was written')
      : [
          paint('red', `damaged: ${count(problems.length, 'problem')}`),
          ...problems.map(({ message }) => `  ${plain(message)}`),
          ADVICE,
        ].join('\n'),
    '',
  ].join('\n')
}

const ADVICE = [
  'Such a node does not start, and is not mended: what it lacks it may have acknowledged. Move its folder away and let a',
  'new node join the room, which has everything as long as a majority of the others is sound.',
].join('\n')

function logOf({ entries }: InspectedNode): string {
  const [first, last] = [entries[0], entries.at(-1)]
  if (first === undefined || last === undefined) return 'no entries'
  return `${count(entries.length, 'entry', 'entries')}, ${first.index} to ${last.index}`
}

/** What an entry says, as far as the room's own envelope goes: the command in it is the application's. */
function whatOf(entry: Entry): string {
  if (entry.kind === 'noop') return 'a new leader’s first'
  if (entry.kind === 'configuration') {
    const { voters, oldVoters, members } = entry.data
    const learners = members.filter(({ id }) => !voters.includes(id) && !oldVoters.includes(id))
    const from = oldVoters.length > 0 ? ` from ${oldVoters.map(plain).join(' ')}` : ''
    return `members: ${voters.map(plain).join(' ')} vote${from}, ${count(learners.length, 'learner')}`
  }
  const envelope = decodeEnvelope(entry.data)
  if (!envelope.ok) return `command, ${count(entry.data.byteLength, 'byte')}`
  switch (envelope.value.kind) {
    case 'open':
      return 'a client’s session begins'
    case 'expire':
      return `sessions end: ${envelope.value.sessions.join(' ')}`
    case 'amend':
      return 'a rule of the room changes'
    default: {
      const { session, sequence, command } = envelope.value
      return `command ${sequence} of session ${session}, ${preview(command)}`
    }
  }
}

/** Text where it is text. */
function preview(command: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(command.subarray(0, 200))
    const isText = !/[\p{Cc}]/u.test(text)
    if (isText) return text.length > 60 ? `${plain(text.slice(0, 60))}…` : plain(text)
  } catch {
    // Said as bytes.
  }
  const start = Buffer.from(command.subarray(0, 12)).toString('hex')
  return `${count(command.byteLength, 'byte')}: ${start}${command.byteLength > 12 ? '…' : ''}`
}

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`
