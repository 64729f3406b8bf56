/** `flotilla export` and `flotilla import`: what a room holds, into a file and out of it. */
import { StateReader } from '@flotilla/client'
import { ClusterError, type HeldRoom, seedCluster } from '@flotilla/cluster'
import { newNodeIdentity, newRoomSecret } from '@flotilla/webrtc-transport'
import { type InspectedNode, inspectDataDir } from '../../storage/inspect.ts'
import { lmdbStorage } from '../../storage/shelf.ts'
import type { Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { type RoomFile, readRoomFile, writeRoomFile } from '../room-file.ts'
import { isLink, OUTSIDE, outside } from './outside.ts'

export const exportRoom: Command = {
  name: 'export',
  takes: '<room-link|data-dir> <file>',
  summary: 'writes what a room holds into a file',
  details: [
    'By a room’s link: its state, up to everything that was acknowledged before, from a node that understands it. From a data',
    'directory: the snapshot and the log up to what its disk knows to be committed, also where the node only carries the room; it may',
    'run meanwhile, and then the last second may be missing. Members, rules and keys are not in it. The file is as confidential as the room, and is never written over another.',
  ].join('\n'),
  options: {
    ...OUTSIDE,
    room: { type: 'string', value: '<name>', help: 'which, where the data directory has several' },
  },
  async run(call) {
    const [where = '', path = ''] = call.operands
    const file = isLink(where) ? await fromRoom() : await fromDisk(where, call.text('room'))
    writeRoomFile(path, file)
    const { room, index, held } = file
    call.terminal.tell({ room, index, holds: held.kind, file: path })
    call.terminal.say(`${room} up to entry ${index} in ${path}`)
    return ExitCode.done

    async function fromRoom(): Promise<RoomFile> {
      const reader = new StateReader()
      return outside(call, where, reader, async (within, room) => {
        const { index, bytes } = await reader.read(within)
        return { room, index, held: { kind: 'state', index, state: bytes } }
      })
    }
  },
}

async function fromDisk(dataDir: string, wanted: string | undefined): Promise<RoomFile> {
  const nodes = (await inspectDataDir(dataDir)).filter(({ room }) => wanted === undefined || room === wanted)
  const rooms = [...new Set(nodes.map(({ room }) => room))]
  const [room] = rooms
  if (room === undefined) throw new CommandFailure(ExitCode.failed, `there is no such room in ${dataDir}`)
  if (rooms.length > 1) throw new CommandFailure(ExitCode.usage, `--room must be one of ${rooms.join(', ')}`)
  const [longest] = nodes.sort((a, b) => (b.state?.lastIndex ?? 0) - (a.state?.lastIndex ?? 0))
  if (longest === undefined || longest.problems.length > 0 || longest.state === undefined)
    throw new CommandFailure(ExitCode.damaged, 'what lies there is damaged', 'flotilla inspect says where.')
  const index = committedOf(longest)
  if (index === 0) throw new CommandFailure(ExitCode.failed, 'nothing there is known to be committed')
  const { snapshot } = longest
  const entries = longest.entries.flatMap(({ entry }) => (entry !== undefined && entry.index <= index ? [entry] : []))
  const held: HeldRoom = { kind: 'log', snapshot, entries }
  return { room, index, held }
}

/** As the disk says, at most a second late: what is committed and in memory may not be here yet. */
function committedOf({ state, snapshot, entries }: InspectedNode): number {
  const last = entries.at(-1)?.index ?? snapshot?.index ?? 0
  return Math.min(last, Math.max(state?.commitIndex ?? 0, snapshot?.index ?? 0))
}

export const importRoom: Command = {
  name: 'import',
  takes: '<file> <data-dir>',
  summary: 'makes a new room out of such a file, in a data directory',
  details: [
    'It is another room: a cluster and a node of its own, no members from before, no key. flotilla serve with a link that nobody has',
    'used opens it, and others join as ever; the link that is printed has a fresh key. Never for a node that is to come back to its room.',
  ].join('\n'),
  options: { room: { type: 'string', value: '<name>', help: 'what it is called (as the one in the file)' } },
  async run({ operands: [path = '', dataDir = ''], text, terminal }) {
    const { room: before, index, held } = readRoomFile(path)
    const room = text('room') ?? before
    const node = await seedCluster({ room, storage: lmdbStorage(dataDir), newIdentity: newNodeIdentity }, held).catch(
      error => {
        if (error instanceof ClusterError && error.kind === 'InvalidOptions')
          throw new CommandFailure(ExitCode.damaged, `${path}: ${error.message}`)
        throw error
      },
    )
    const hash = `#room=${room}&key=${newRoomSecret()}`
    terminal.tell({ room, index, node, hash })
    terminal.say(`${room} up to entry ${index} in ${dataDir}; to open it:`)
    terminal.say(`  flotilla serve '<address of the page>${hash}' --data ${dataDir}`)
    return ExitCode.done
  },
}
