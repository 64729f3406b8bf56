/** Core's options as a node on a wire may have them: no message that they allow is longer than a frame. */
import { checkInteger, checkOptions, type RaftOptions } from '@flotilla/core'
import { MAX_BYTES_PER_MESSAGE, MAX_ENTRIES_PER_FRAME, MAX_SNAPSHOT_CHUNK_BYTES } from '../wire/limits.ts'

/** The defaults with `given` over them. @throws RangeError naming the option that is out of its bounds. */
export function checkRaftOptions(given: Partial<RaftOptions> = {}): RaftOptions {
  const options = checkOptions(given)
  checkInteger('maxEntriesPerMessage', options.maxEntriesPerMessage, 1, MAX_ENTRIES_PER_FRAME)
  checkInteger('maxBytesPerMessage', options.maxBytesPerMessage, 1, MAX_BYTES_PER_MESSAGE)
  checkInteger('snapshotChunkBytes', options.snapshotChunkBytes, 1, MAX_SNAPSHOT_CHUNK_BYTES)
  return options
}
