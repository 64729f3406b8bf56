/** The board as a file, out and in. */
import { useMachine, useReplicated } from '@flotilla/react'
import { useState } from 'react'
import { type Board, boardMachine } from '../machine/board.ts'
import { boardFile, readBoardFile } from '../machine/board-file.ts'
import { Dialog } from '../shell/dialog.tsx'
import { useUi } from '../shell/ui.ts'
import { importBoard, useImporting } from './import-board.ts'

/** More would not fit into a page. A single card may be five million characters. */
const MAX_BYTES = 100_000_000

export default function FileDialog() {
  const [board] = useReplicated(boardMachine)
  const shared = useMachine(boardMachine)
  const openDialog = useUi(ui => ui.openDialog)
  const { under, problem } = useImporting()
  const [unreadable, setUnreadable] = useState<string | undefined>(undefined)

  function save(): void {
    const address = URL.createObjectURL(new Blob([boardFile(board)], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${board.title.replace(/[^\p{L}\p{N}]+/gu, '-') || 'board'}.json`
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  }

  async function load(file: File | undefined): Promise<void> {
    if (file === undefined) return
    setUnreadable(undefined)
    useImporting.setState({ problem: undefined })
    let read: Board
    try {
      if (file.size > MAX_BYTES) throw new Error('This file is larger than 100 MB.')
      read = readBoardFile(await file.text())
    } catch (error) {
      return setUnreadable(`${error instanceof Error ? error.message : String(error)} The board is as it was.`)
    }
    // Where another dialog was opened meanwhile, that one stays.
    if ((await importBoard(shared, read)) && useUi.getState().dialog === 'file') openDialog(undefined)
  }

  return (
    <Dialog title="Export and import" onClose={() => openDialog(undefined)}>
      <p>The whole board as a file of JSON, to keep or to take elsewhere.</p>
      <p className="buttons">
        <button type="button" className="button primary" onClick={save}>
          Export the board
        </button>
      </p>
      <p>
        Importing puts the file’s board in the place of this one, for everybody. It is one change: whoever does it can
        undo it, if nobody has changed anything since and the boards are not large.
      </p>
      <label className="text">
        Import a board
        <input
          type="file"
          accept="application/json,.json"
          className="field"
          disabled={under !== undefined}
          onChange={({ target }) => {
            void load(target.files?.[0])
            // Otherwise the same file could not be chosen again.
            target.value = ''
          }}
        />
      </label>
      <p role="status">
        {under !== undefined && `Importing part ${under.part} of ${under.of}. Keep this page open until it is done.`}
      </p>
      {(unreadable ?? problem) !== undefined && (
        <p role="alert" className="problem">
          {unreadable ?? problem}
        </p>
      )}
    </Dialog>
  )
}
