/** `flotilla inspect`: what lies on a disk, also of nodes that run, and whether it is what was written. */
import { type InspectedEntry, type Preview, toldEntry } from '@flotilla/cluster/inspection'
import type { Entry } from '@flotilla/core'
import { type InspectedNode, inspectDataDir } from '../../storage/inspect.ts'
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

function whatOf(entry: Entry): string {
  const told = toldEntry(entry)
  switch (told.kind) {
    case 'noop':
      return 'a new leader’s first'
    case 'members': {
      const from = told.from.length > 0 ? ` from ${told.from.map(plain).join(' ')}` : ''
      return `members: ${told.voters.map(plain).join(' ')} vote${from}, ${count(told.learners, 'learner')}`
    }
    case 'session begins':
      return 'a client’s session begins'
    case 'sessions end':
      return `sessions end: ${told.sessions.join(' ')}`
    case 'rule':
      return 'a rule of the room changes'
    case 'command':
      return `command ${told.sequence} of session ${told.session}, ${inWords(told.command)}`
    case 'bytes':
      return `command, ${count(told.bytes, 'byte')}`
    default:
      return told satisfies never
  }
}

function inWords(command: Preview): string {
  const end = command.isCut ? '…' : ''
  return 'text' in command ? plain(command.text) + end : `${count(command.bytes, 'byte')}: ${command.hex}${end}`
}

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`
